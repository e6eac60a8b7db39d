import { expect, onTestFinished, test, vi } from 'vitest'
import { machineNowMs } from '../../src/load/clock.ts'
import type { Dispatch, Load } from '../../src/plugin/model.ts'
import { protocolVersion } from '../../src/protocol/limits.ts'
import { LoadWorker } from '../../src/worker/load-worker.ts'

/** Opened with 1: before that, a thread that wakes has not begun. */
const { threads, gate } = vi.hoisted(() => ({
  threads: { started: 0 },
  gate: new Int32Array(new SharedArrayBuffer(4)),
}))

vi.mock(import('node:worker_threads'), async (original) => {
  const real = await original()
  real.setEnvironmentData('gate', gate.buffer)
  class Held extends real.Worker {
    constructor(url: string | URL, options?: ConstructorParameters<typeof real.Worker>[1]) {
      const held = `Atomics.wait(new Int32Array(require('node:worker_threads').getEnvironmentData('gate')), 0, 0)`
      super(`${held}\nimport(${JSON.stringify(String(url))})`, { ...options, eval: true })
      threads.started++
    }
  }
  return { ...real, Worker: Held }
})

function open(isOpen: boolean): void {
  Atomics.store(gate, 0, isOpen ? 1 : 0)
  Atomics.notify(gate, 0)
}

const log = { debug() {}, info() {}, warn() {} }
const paced: Load = {
  model: 'open',
  connections: 1,
  arrivals: 'constant',
  stages: [{ durationMs: 10, fromPerSecond: 100, toPerSecond: 100 }],
}
const unpaced: Load = { model: 'closed', connections: 1, thinkMs: 0 }

async function workerWith(dispatch: Dispatch): Promise<LoadWorker> {
  threads.started = 0
  const worker = new LoadWorker(log, () => {})
  onTestFinished(async () => void (await worker.leave()))
  const launch = { worker: { index: 0, total: 1 }, wrap: [], execArgv: [], env: {} }
  await worker.init({
    protocol: protocolVersion,
    launch,
    environments: [],
    facts: {},
    flows: [],
    folder: '.',
    seed: 1,
    dispatch,
    run: 'run-1',
    scenario: 's',
    patienceMs: 1000,
  })
  return worker
}

/** A phase without flows: what is left is how it begins and ends. */
function phaseOf(load: Load, number: number) {
  const times = { durationMs: 10, intervalMs: 1000, drainMs: 1000, timeoutMs: 1000 }
  return { number, firstIndices: [0], loads: [load], ...times }
}

async function run(worker: LoadWorker, load: Load, number: number): Promise<number> {
  const phase = phaseOf(load, number)
  await worker.ready({ phase })
  const { elapsedMs } = await worker.phase({ type: 'phase', id: number, phase, startAtMs: machineNowMs() })
  return elapsedMs
}

test.each(['tick', 'hybrid'] as const)(
  'with %s it is ready once the thread that wakes it runs, which is one for all phases',
  async (dispatch) => {
    open(false)
    // also where something below goes wrong: a thread that is held cannot end by itself
    onTestFinished(() => open(true))
    const other = await workerWith('timer')
    const worker = await workerWith(dispatch)
    let isReady = false
    const ready = worker.ready({ phase: phaseOf(paced, 0) }).then(() => (isReady = true))
    // begun later, without a thread to wait for
    await other.ready({ phase: phaseOf(paced, 0) })
    expect(isReady).toBe(false)
    open(true)
    await ready
    for (const number of [0, 1, 2]) expect(await run(worker, paced, number)).toBe(10)
    expect(threads.started).toBe(1)
  },
)

test('it is ready at once for requests that need nothing to wake them', async () => {
  const worker = await workerWith('timer')
  for (const number of [0, 1]) expect(await run(worker, unpaced, number)).toBe(10)
  expect(threads.started).toBe(0)
})
