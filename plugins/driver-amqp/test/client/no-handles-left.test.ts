import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../fixtures/run-and-exit.ts', import.meta.url))

test('a process exits by itself after it has closed its connections', async () => {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@cloudbench/source', script],
    { timeout: 20_000 },
  )
  expect(stdout).toMatch(/^received 50, left: (?!.*TCP)/)
  expect(stderr).toBe('')
})
