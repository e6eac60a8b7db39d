import { afterEach, expect, it, vi } from 'vitest'
import { monotonicClock } from '../../src/load/clock.ts'
import { runSteady } from '../support/run.ts'
import { exponential, queue } from '../support/servers.ts'
import { constantRate, poissonRate, simulate, type Simulation } from '../support/simulate.ts'

afterEach(() => void vi.restoreAllMocks())

/** Sets the wall clock back by 2 s: at once, and again and again. */
function setBack(): void {
  const started = Date.now()
  let reads = 0
  vi.spyOn(Date, 'now').mockImplementation(() => started - 2000 * ++reads)
}

const measure = (script?: Simulation['script']) =>
  simulate({
    load: poissonRate(70, 10_000),
    durationMs: 10_000,
    ...(script && { script }),
    serve: queue({ serviceMs: exponential(10, 99) }).serve,
  })

it('known answer 18: a wall clock that is set back by 2 s in the middle changes no latency', async () => {
  const truth = await measure()
  const { flow, breaches, elapsedMs } = await measure(({ clock, startMs }) => {
    clock.at(startMs + 5_000, setBack)
  })
  expect(flow.total.response.encode()).toBe(truth.flow.total.response.encode())
  expect(flow.total.lag.encode()).toBe(truth.flow.total.lag.encode())
  expect(elapsedMs).toBe(10_000)
  expect(breaches).toEqual([])
})

it('known answer 18: the clock of the load does not go back with it', () => {
  const before = monotonicClock.now()
  setBack()
  expect(monotonicClock.now()).toBeGreaterThanOrEqual(before)
})

it('known answer 18: a run whose orchestrator’s wall clock is set back measures as long as it was to', async () => {
  setBack()
  const { scenarios } = await runSteady({ load: constantRate(50, 500, 4), durationMs: 500 })
  const [phase] = scenarios[0]!.phases
  expect(phase!.elapsedMs).toBe(500)
  expect(phase!.flows[0]!.total).toMatchObject({ scheduled: 25, ok: 25 })
  expect(phase!.flows[0]!.total.response.min).toBeGreaterThanOrEqual(0)
  expect(phase!.breaches).toEqual([])
})
