import { expect, it } from 'vitest'
import { Histogram } from '../../src/metrics/histogram.ts'
import { expectNear } from '../support/milliseconds.ts'
import { exponential, parallel, queue } from '../support/servers.ts'
import { constantRate, poissonRate, simulate, type Serve, type Simulation } from '../support/simulate.ts'

const durationMs = 10_000
const stall = { everyMs: 10_000, fromMs: 4_000, stallMs: 1_000 }
const open = { durationMs, load: constantRate(100, durationMs, 200) }

const situations: Readonly<Record<string, () => Simulation>> = {
  'constant latency': () => ({ ...open, serve: parallel(50) }),
  'a stall': () => ({ ...open, serve: parallel(1, stall) }),
  'a stall with few connections': () => ({
    durationMs,
    load: constantRate(100, durationMs, 4),
    serve: parallel(1, stall),
  }),
  'a stall with a backlog': () => ({ ...open, serve: queue({ serviceMs: () => 5, stall }).serve }),
  overload: () => ({
    durationMs,
    load: constantRate(125, durationMs, 1000),
    drainMs: 1_000,
    serve: queue({ serviceMs: () => 10 }).serve,
  }),
  'a closed loop': () => ({
    durationMs,
    load: { model: 'closed', connections: 20, thinkMs: 0 },
    serve: parallel(50),
  }),
  'a closed loop that thinks': () => ({
    durationMs,
    load: { model: 'closed', connections: 20, thinkMs: 50 },
    serve: parallel(50),
  }),
  'an M/M/1 queue': () => ({
    durationMs,
    load: poissonRate(70, durationMs),
    serve: queue({ serviceMs: exponential(10, 99) }).serve,
  }),
  'an M/D/1 queue': () => ({
    durationMs,
    load: poissonRate(80, durationMs),
    serve: queue({ serviceMs: () => 10 }).serve,
  }),
  'slow requests': () => ({
    ...open,
    serve: (slot, { answer }) => answer(slot, slot.index % 10 === 3 ? 1000 : 1),
  }),
  'a generator that is held up': () => ({
    ...open,
    serve: parallel(5),
    script: ({ clock, startMs }) => {
      for (let at = 100; at < durationMs; at += 200) clock.at(startMs + at, () => clock.skip(50))
    },
  }),
  'requests that are never answered': () => ({
    ...open,
    timeoutMs: 1_000,
    serve: (slot, { answer }) => void (slot.index % 50 === 7 || answer(slot, 1)),
  }),
  'four servers': () => ({
    durationMs,
    load: poissonRate(320, durationMs),
    serve: queue({ servers: 4, serviceMs: exponential(10, 7) }).serve,
  }),
}

const named = Object.entries(situations).flatMap(([name, of]) =>
  [1, 3].map((workers) => ({ name, of, workers })),
)

it.each(named)(
  'known answer 9: the laws hold for $name, measured by $workers worker(s)',
  async ({ of, workers }) => {
    const simulation = of()
    const server = ledger(simulation.serve)
    const { flow, intervals, totals, elapsedMs, breaches } = await simulate({
      ...simulation,
      serve: server.serve,
      workers,
    })
    const { total } = flow
    const { scheduled, sent, unsent, ok, failed, timedOut, unanswered, response, service, lag } = total
    // every arrival is accounted for, in the total and in the sum of intervals
    expect(scheduled).toBe(sent + unsent)
    expect(sent).toBe(ok + failed + timedOut + unanswered)
    for (const name of ['scheduled', 'sent', 'unsent', 'ok', 'failed', 'timedOut', 'unanswered'] as const)
      expect(
        intervals.reduce((sum, { flows }) => sum + flows[0]!.total[name], 0),
        name,
      ).toBe(total[name])
    for (const name of ['response', 'service', 'lag', 'failures'] as const) {
      const parts = Histogram.sum(intervals.map(({ flows }) => flows[0]!.total[name]))
      expect([...parts.buckets()], name).toEqual([...total[name].buckets()])
    }
    // response = service + lag, where all of them were sent
    if (response.count > 0 && unsent === 0) expectNear(response.sum, service.sum + lag.sum)
    // the form of Little's law that is an identity: ∫N(t)dt = Σ |[sent, done] ∩ [0, T]|
    if (timedOut + unanswered === 0) expectNear(flow.inFlightMs, server.withinMs(elapsedMs))
    expectNear(
      flow.inFlightMs,
      totals.reduce((sum, { flows }) => sum + flows[0]!.inFlightMs, 0),
    )
    expect(breaches).toEqual([])
  },
)

it('known answer 9: a request that is answered twice breaks them', async () => {
  const { breaches } = await simulate({
    ...open,
    serve: (slot, { answer }) => {
      answer(slot, 1)
      if (slot.index % 100 === 7) answer(slot, 2)
    },
  })
  expect(breaches).toEqual(['main: the driver answered 10 requests more than once'])
})

/** What the server knows of when requests came and were answered. */
function ledger(serve: Serve): { readonly serve: Serve; readonly withinMs: (endMs: number) => number } {
  const spans: { readonly sentMs: number; readonly doneMs: number }[] = []
  return {
    serve: (slot, context) =>
      serve(slot, {
        ...context,
        answer(to, afterMs, outcome) {
          spans.push({ sentMs: context.nowMs, doneMs: context.nowMs + afterMs })
          context.answer(to, afterMs, outcome)
        },
      }),
    withinMs: (endMs) =>
      spans.reduce((sum, { sentMs, doneMs }) => sum + Math.max(0, Math.min(doneMs, endMs) - sentMs), 0),
  }
}
