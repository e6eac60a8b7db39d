import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../fixtures/run-and-exit.ts', import.meta.url))

test('a process that has closed everything ends by itself, and has written nothing to the terminal', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@cloudbench/source', script],
    { timeout: 20_000 },
  )
  expect(stdout).toMatch(/^stored,received,received, left: (?!.*(TCP|Timeout))/)
  expect(stderr).toBe('')
})
