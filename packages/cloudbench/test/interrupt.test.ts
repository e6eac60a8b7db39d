import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { eventually, folder, startCli, typed, type RunningCli } from './support/cli.ts'
import { probe } from './support/probe.ts'
import { httpTarget } from './support/target.ts'

/** A minute of load, which says when an interval has passed. */
async function startLong(url: string, cwd: string): Promise<RunningCli> {
  const load = '--duration 60s --warmup 0s --rate 100/s --interval 200ms'
  const line = `http-json-api --set targets.http.url=${url} ${load} --reporter json --reporter ./probe.mjs`
  const running = startCli(typed(line), { cwd })
  await eventually(() => running.stderr().includes('an interval'))
  return running
}

test('one Ctrl-C ends the load, reports what ran and ends with 130', async () => {
  const url = await httpTarget()
  const cwd = await folder({ 'probe.mjs': probe })
  const { child, ended } = await startLong(url, cwd)
  child.kill('SIGINT')
  const { code, stdout } = await ended
  expect(code).toBe(130)
  const line = JSON.parse(stdout) as { requests: number; exit: number; duration_sec: number }
  expect(line.requests).toBeGreaterThan(0)
  expect(line.duration_sec).toBeLessThan(60)
  expect(line.exit).toBe(130)
  const [file] = await readdir(join(cwd, '.cloudbench'))
  const result = JSON.parse(await readFile(join(cwd, '.cloudbench', file!), 'utf8')) as { reason: string }
  expect(result.reason).toBe('interrupted')
})

test('the second Ctrl-C does not wait for a target that never answers', async () => {
  const url = await httpTarget({ stall: { afterMs: 0, stallMs: 600_000 } })
  const cwd = await folder({ 'probe.mjs': probe })
  const { child, ended, stderr } = await startLong(url, cwd)
  child.kill('SIGINT')
  await eventually(() => stderr().includes('Interrupt again to stop at once'))
  child.kill('SIGINT')
  const { code, stderr: said } = await ended
  expect(code).toBe(130)
  expect(said).not.toContain('this is a bug')
})
