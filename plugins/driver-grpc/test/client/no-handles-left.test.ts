import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const script = fileURLToPath(new URL('../fixtures/run-and-exit.ts', import.meta.url))

test('a process that has closed its connections ends by itself', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@cloudbench/source', script],
    {
      timeout: 20_000,
    },
  )
  expect(stdout).toMatch(/^failed with (CONNECTION_CLOSED|ECONNRESET), left: (?!.*TCP)/)
})
