import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Writes a file into a folder of its own, which is gone after the test. A value becomes JSON. */
export function fileOf(content: unknown): string {
  const folder = mkdtempSync(join(tmpdir(), 'cloudbench-result-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'result.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}
