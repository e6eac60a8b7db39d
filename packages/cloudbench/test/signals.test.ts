import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunResult } from '@cloudbench/core'
import { readResult } from '@cloudbench/core/program'
import { expect, test } from 'vitest'
import { eventually, folder, startCli, typed, type CliOptions, type RunningCli } from './support/cli.ts'
import { hangingProject } from './support/hanging.ts'
import { probe } from './support/probe.ts'
import { descendantsOf, isAlive, workersOf } from './support/processes.ts'
import { httpTarget } from './support/target.ts'

/** Load on a target that needs 300 ms, under way. */
async function startLoad(
  duration: string,
  options: Partial<CliOptions> = {},
): Promise<RunningCli & { readonly cwd: string }> {
  const cwd = await folder({ 'probe.mjs': probe })
  const url = await httpTarget({ delayMs: 300 })
  const load = `--duration ${duration} --warmup 0s --rate 100/s --connections 50 --workers 2 --interval 200ms`
  const line = `http-json-api --set targets.http.url=${url} ${load} --reporter json --reporter ./probe.mjs`
  const running = startCli(typed(line), { ...options, cwd, detached: true })
  await eventually(() => running.stderr().includes('an interval'))
  return { ...running, cwd }
}

async function resultIn(cwd: string): Promise<RunResult> {
  const [file] = await readdir(join(cwd, '.cloudbench'))
  return await readResult(join(cwd, '.cloudbench', file!))
}

test.for(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s to the whole process group: workers are asked, and answer for every request',
  async (signal) => {
    const { child, ended, cwd } = await startLoad('60s')
    process.kill(-child.pid!, signal)
    const { code, stdout } = await ended
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ exit: 130, errors: 0 })
    const { reason, scenarios } = await resultIn(cwd)
    expect(reason).toBe('interrupted')
    expect(scenarios[0]!.errors).toEqual([])
    const { total } = scenarios[0]!.phases[0]!.flows[0]!
    expect(total).toMatchObject({ unanswered: 0, unsent: 0 })
    expect(total.sent).toBe(total.ok)
  },
)

test('a shell that repeats SIGHUP, and a manager that adds SIGTERM, still get the report', async () => {
  const { child, ended, cwd } = await startLoad('60s')
  for (const signal of ['SIGHUP', 'SIGHUP', 'SIGTERM'] as const) process.kill(-child.pid!, signal)
  expect((await ended).code).toBe(130)
  expect((await resultIn(cwd)).reason).toBe('interrupted')
})

test.for([
  ['bash', 'nohup "$0" "$@"'],
  // other shells leave no `_`; in a terminal nohup leaves this as input, whatever started it
  ['sh', 'unset _; exec nohup "$0" "$@" 0>/dev/null'],
  // a script ignores the signal itself
  ['sh', `unset _; trap '' HUP; "$0" "$@"; exit $?`],
] as const)('under nohup a run outlives its terminal: %s -c %s', async ([shell, script]) => {
  const { child, ended } = await startLoad('3s', { within: [shell, '-c', script] })
  process.kill(-child.pid!, 'SIGHUP')
  expect((await ended).code).toBe(0)
})

test(
  'an orchestrator that was stopped for longer than its patience finds its workers alive',
  { timeout: 60_000 },
  async () => {
    const { child, ended, cwd } = await startLoad('15s')
    child.kill('SIGSTOP')
    await sleep(11_000)
    child.kill('SIGCONT')
    const { code, stderr } = await ended
    expect(stderr).not.toContain('sign of life')
    expect(code).toBe(0)
    const { total } = (await resultIn(cwd)).scenarios[0]!.phases[0]!.flows[0]!
    expect(total.ok).toBe(1500)
  },
)

test.for(['connect promise', 'connect loop', 'prepare loop', 'request loop'])(
  'an orchestrator that is killed leaves no worker, not even one in %s',
  async (hang) => {
    const { child, stderr } = startCli(['mine', '--duration', '60s', '--reporter', 'json'], {
      cwd: await folder(hangingProject),
      env: { HANG: hang },
    })
    await eventually(() => stderr().includes('hangs in'))
    const descendants = descendantsOf(child.pid!)
    expect(workersOf(child.pid!)).toHaveLength(1)
    child.kill('SIGKILL')
    await eventually(() => !descendants.some(isAlive))
  },
)
