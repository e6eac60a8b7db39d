import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RequestIds } from '../../src/load/request-ids.ts'
import { mostRequests } from '../../src/metrics/requests.ts'
import { requestReader } from '../../src/orchestrator/request-reader.ts'
import type { Outcome } from '../../src/plugin/driver.ts'
import type { Load, Phase } from '../../src/plugin/model.ts'
import type { RequestObserver } from '../../src/worker/request-observer.ts'
import { SampledRequests } from '../../src/worker/sampled-requests.ts'
import type { RequestSlot } from '../../src/worker/slots.ts'
import { constantRate } from '../support/simulate.ts'

const hit: Outcome = { name: 'hit', ok: true, operation: 'get', example: 'secret' }
const startMs = 1_000

interface Ended {
  readonly index: number
  readonly tookMs: number
  readonly end?: Parameters<RequestObserver['ended']>[1]
}

function end(kept: SampledRequests, { index, tookMs, end: how = hit }: Ended): void {
  const dueMs = startMs + index
  const slot = { index, dueMs, sentMs: dueMs + tookMs / 4, lane: { index: index % 7 } }
  kept.ended(slot as unknown as RequestSlot, how, dueMs + tookMs)
}

function told(ratio: number, ended: readonly Ended[], load: Load = constantRate(10, 1_000)) {
  const ids = new RequestIds('run', 's', 'main', ratio)
  const phase: Phase = { name: 'm', kind: 'measure', scenario: 's', durationMs: 1_000, loads: { main: load } }
  const read = requestReader({ run: 'run', ratio, propagate: true, workloads: ['work'] }, phase, ['main'])
  const kept = new SampledRequests(ids)
  for (const request of ended) end(kept, request)
  // as it comes from another process
  const delta = JSON.parse(JSON.stringify(kept.drain(startMs)))
  return { ids, kept, ...read(0, delta) }
}

test('what is kept of a request: its times since the phase began, how it ended, and the ids that the target saw', () => {
  const { ids, requests, requestsDropped } = told(1, [{ index: 5, tookMs: 2 }])
  const [, traceId, spanId] = ids.traceparent(5).split('-')
  expect(requests).toEqual([
    {
      flow: 'main',
      operation: 'get',
      outcome: 'hit',
      ok: true,
      index: 5,
      connection: 5,
      dueMs: 5,
      sentMs: 5.5,
      doneMs: 7,
      traceId,
      spanId,
      sampled: true,
    },
  ])
  expect(requestsDropped).toBe(0)
})

test('without an answer in time, the workload is the operation; in a closed loop, nothing is due', () => {
  const load: Load = { model: 'closed', connections: 1, thinkMs: 0 }
  const { requests } = told(
    1,
    [
      { index: 1, tookMs: 2, end: 'timedOut' },
      { index: 2, tookMs: 2, end: 'unanswered' },
      { index: 3, tookMs: 2, end: { ...hit, ok: false, name: 'ECONNRESET' } },
    ],
    load,
  )
  const outcomes = requests!.map(({ operation, outcome, ok }) => ({ operation, outcome, ok }))
  expect(outcomes).toEqual([
    { operation: 'work', outcome: 'timedOut', ok: false },
    { operation: 'work', outcome: 'unanswered', ok: false },
    { operation: 'get', outcome: 'ECONNRESET', ok: false },
  ])
  for (const request of requests!) expect(request).not.toHaveProperty('dueMs')
})

test('the slowest is there, sampled or not, once; every other is sampled; and those that are not there are counted', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(0, 0.01, 0.5, 1),
      fc.array(fc.nat({ max: 1_000 }), { maxLength: 700 }),
      (ratio, tooks) => {
        const { ids, kept, requests, requestsDropped } = told(
          ratio,
          tooks.map((tookMs, index) => ({ index, tookMs })),
        )
        const indices = requests!.map(({ index }) => index)
        expect(new Set(indices).size).toBe(indices.length)
        expect(indices.length).toBeLessThanOrEqual(mostRequests + 1)
        const sampled = tooks.map((_, index) => index).filter((index) => ids.isSampled(index))
        expect(requests!.filter((request) => request.sampled).length + requestsDropped!).toBe(sampled.length)
        const longest = tooks.indexOf(Math.max(...tooks))
        if (tooks.length > 0) expect(indices).toContain(longest)
        for (const request of requests!) if (!request.sampled) expect(request.index).toBe(longest)
        // of too many, those of the highest ranks: no stretch of the interval is preferred
        const highest = sampled.toSorted((a, b) => ids.rank(b) - ids.rank(a)).slice(0, mostRequests)
        expect(indices).toEqual(expect.arrayContaining(highest))
        // it begins anew
        end(kept, { index: 3, tookMs: 0 })
        expect(kept.drain(startMs).numbers[0]).toBe(3)
      },
    ),
    { numRuns: 60 },
  )
})

test('nothing happened', () => {
  expect(told(1, [])).toMatchObject({ requests: [], requestsDropped: 0 })
})
