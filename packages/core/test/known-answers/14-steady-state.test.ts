import { growthOf, steadyStateOf } from '@cloudbench/stats'
import { describe, expect, it } from 'vitest'
import { uniform } from '../../src/load/random.ts'
import { queue } from '../support/servers.ts'
import { constantRate, simulate, type Serve, type Simulated } from '../support/simulate.ts'
import { judged } from '../verdict/simulated.ts'

// how often what is steady is called so, and what is not is found, is tested over 200 seeded series of each kind in
// packages/stats/test/steady-state.test.ts: here, from the intervals of a run

/** Ten milliseconds, times what depends on the second, and some noise. */
const server =
  (factor: (second: number) => number): Serve =>
  (slot, { answer, nowMs }) =>
    answer(slot, 10 * factor(nowMs / 1000) * (0.8 + 0.4 * uniform(17, slot.index, 0)))

const run = (serve: Serve, perSecond = 50): Promise<Simulated> =>
  simulate({ load: constantRate(perSecond, 60_000, 4000), durationMs: 60_000, serve })

const means = ({ result }: Simulated): number[] =>
  result.intervals.slice(0, 60).map(({ flows }) => flows[0]!.total.response.mean)

describe('known answer 14: the intervals of a minute', () => {
  it('are flat when the server stays the same', async () => {
    expect(steadyStateOf(means(await run(server(() => 1))))).toEqual({ kind: 'flat', from: 0, drift: 0 })
  })

  it('show a slowdown by a fifth, and when it was', async () => {
    const { kind, from } = steadyStateOf(means(await run(server((second) => (second < 20 ? 1 : 1.2)))))
    expect({ kind, from }).toEqual({ kind: 'slowdown', from: 20 })
  })

  it('show a warm-up, and when it was over', async () => {
    const { kind, from } = steadyStateOf(means(await run(server((second) => (second < 15 ? 1.5 : 1)))))
    expect({ kind, from }).toEqual({ kind: 'warmup', from: 15 })
  })

  it('are not steady when the server is faster late in it', async () => {
    const { kind } = steadyStateOf(means(await run(server((second) => (second < 45 ? 1 : 0.6)))))
    expect(kind).toBe('not steady')
  })

  it('grow without end at 125 %, and do not at 70 %', async () => {
    const inFlight = ({ result }: Simulated): number[] =>
      result.intervals.slice(0, 60).map(({ flows }) => flows[0]!.inFlightMs / 1000)
    const tenMs = (): Serve => queue({ serviceMs: () => 10 }).serve
    expect(growthOf(inFlight(await run(tenMs(), 125)))!.isGrowing).toBe(true)
    expect(growthOf(inFlight(await run(tenMs(), 70)))!.isGrowing).toBe(false)
  })

  it.each([
    ['flat', () => 1, undefined],
    ['slowdown', (second: number) => (second < 20 ? 1 : 1.2), 20_000],
    ['warmup', (second: number) => (second < 15 ? 1.5 : 1), 15_000],
    ['not steady', (second: number) => (second < 45 ? 1 : 0.6), undefined],
  ] as const)('are what the verdict says: %s', async (kind, factor, fromMs) => {
    const { verdict } = await judged({
      load: constantRate(50, 60_000, 4000),
      durationMs: 60_000,
      serve: server(factor),
    })
    expect(verdict.steadyStates[0]!.kind).toBe(kind)
    if (fromMs !== undefined) expect(verdict.steadyStates[0]!.steadyFromMs).toBe(fromMs)
  })
})
