import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

test('a process that cannot notice the end of its parent ends with it', async () => {
  const script = fileURLToPath(new URL('fixtures/leave-early.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@cloudbench/source', script])
  const pid = Number(stdout)
  expect(pid).toBeGreaterThan(0)
  await expect.poll(() => isThere(pid), { timeout: 10_000 }).toBe(false)
})

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
