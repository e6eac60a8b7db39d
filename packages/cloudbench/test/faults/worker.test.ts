import { expect, test } from 'vitest'
import { cloudbench, eventually, folder, startCli, type RunningCli, typed } from '../support/cli.ts'
import { probe } from '../support/probe.ts'
import { workersOf } from '../support/processes.ts'
import { httpTarget } from '../support/target.ts'

async function startLoad(workers: number): Promise<RunningCli> {
  const url = await httpTarget({ delayMs: 300 })
  return startCli(
    typed(
      `http-json-api --set targets.http.url=${url} --rate 50/s --workers ${workers} --duration 60s --warmup 0s --interval 200ms --reporter json --reporter ./probe.mjs`,
    ),
    { cwd: await folder({ 'probe.mjs': probe }) },
  )
}

async function workerOf({ child }: RunningCli, index: number): Promise<number> {
  let pid: number | undefined
  await eventually(() => (pid = workersOf(child.pid!)[index]) !== undefined)
  return pid!
}

function expectInvalid({ stdout }: { readonly stdout: string }): void {
  for (const line of stdout.trim().split('\n'))
    if (line !== '') expect(JSON.parse(line)).toMatchObject({ exit: 3 })
}

test('a worker that is killed makes the run invalid, its last output shown, its requests accounted for', async () => {
  const running = await startLoad(2)
  const worker = await workerOf(running, 1)
  // one that dies before the load has measured nothing
  await eventually(() => running.stderr().includes('an interval'))
  process.kill(worker, 'SIGKILL')
  const ended = await running.ended
  expect(ended.code).toBe(3)
  expect(ended.stderr).toMatch(/worker \d was killed by SIGKILL; its stderr/)
  expectInvalid(ended)
})

test('a worker that is stopped is missed, and makes the run invalid', async () => {
  const running = await startLoad(2)
  const worker = await workerOf(running, 1)
  // under load, not while it starts
  await eventually(() => running.stderr().includes('an interval'))
  process.kill(worker, 'SIGSTOP')
  const ended = await running.ended
  expect(ended.code).toBe(3)
  expect(ended.stderr).toMatch(/worker \d (gave no sign of life for over 5 s and was killed|did not answer)/)
  expectInvalid(ended)
})

test('a worker without memory left says so, and makes the run invalid', async () => {
  const cwd = await folder({
    'greedy.mjs': `import { defineDriver } from '@cloudbench/core'
const kept = []
export default defineDriver({
  name: 'greedy',
  connect({ outcome }) {
    const ok = outcome('ok')
    const request = async () => { kept.push(new Array(1_000_000).fill(0.5)); return ok }
    return { request, close() {} }
  },
  loopback: () => ({ target: 'greedy://loopback', close() {} }),
})`,
    'small.mjs': `import { defineEnvironment } from '@cloudbench/core'
export default defineEnvironment({
  name: 'small',
  launch(launch) { launch.execArgv.push('--max-old-space-size=64') },
})`,
    'config/targets/memory.yaml': 'driver: ./greedy.mjs\n',
    'config/scenarios/memory.yaml': 'target: memory\nrate: 100/s\nduration: 60s\nwarmup: 0s\n',
  })
  const ended = await cloudbench(['memory', '--environment', './small.mjs', '--reporter', 'json'], { cwd })
  expect(ended.code).toBe(3)
  expect(ended.stderr).toMatch(
    /worker 0 ran out of memory and was killed by SIGABRT; its stderr:[^]*next: .*heap limit/,
  )
  expectInvalid(ended)
})
