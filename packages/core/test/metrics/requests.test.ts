import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { RequestIds } from '../../src/load/request-ids.ts'
import { mergeRequests, mostRequests, type Requests } from '../../src/metrics/requests.ts'
import type { TracedRequest } from '../../src/plugin/model.ts'

const ids = new RequestIds('run', 's', 'main', 0.5)

function requestOf(index: number, flow: string, tookMs: number): TracedRequest {
  const [, traceId, spanId] = ids.traceparent(index).split('-') as [string, string, string]
  const sampled = ids.isSampled(index)
  const outcome = { operation: 'get', outcome: 'hit', ok: true }
  return {
    flow,
    ...outcome,
    index,
    sentMs: index,
    doneMs: index + tookMs,
    connection: 0,
    traceId,
    spanId,
    sampled,
  }
}

/** Stretches of time with requests that no other has. */
const stretches = fc
  .array(
    fc.array(fc.record({ flow: fc.constantFrom('a', 'b'), tookMs: fc.nat({ max: 1e6 }) }), {
      maxLength: 300,
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((lists) => {
    let index = 0
    return lists.map((list): Required<Requests> => {
      const all = list.map(({ flow, tookMs }) => requestOf(index++, flow, tookMs + index / 1e6))
      const { requests = [], requestsDropped = 0 } = mergeRequests([{ requests: all, requestsDropped: 0 }])
      return { requests, requestsDropped }
    })
  })

test('requests add up in any grouping: bounded, the slowest of each flow survives, and what is dropped is counted', () => {
  fc.assert(
    fc.property(stretches, (parts) => {
      const whole = mergeRequests(parts)
      expect(parts.reduce<Requests>((sum, part) => mergeRequests([part, sum]), {})).toEqual(whole)
      const all = parts.flatMap(({ requests }) => requests)
      const sampled = (list: readonly TracedRequest[]): number => list.filter((one) => one.sampled).length
      const dropped = parts.reduce((sum, { requestsDropped }) => sum + requestsDropped, 0)
      expect(sampled(whole.requests!) + whole.requestsDropped!).toBe(sampled(all) + dropped)
      expect(whole.requests!.length).toBeLessThanOrEqual(mostRequests + 2)
      for (const flow of ['a', 'b']) {
        const longest = (list: readonly TracedRequest[]): number =>
          Math.max(...list.filter((one) => one.flow === flow).map(({ doneMs, sentMs }) => doneMs - sentMs))
        expect(longest(whole.requests!)).toBe(longest(all))
      }
    }),
    { numRuns: 40 },
  )
})

test('what says nothing of requests adds nothing', () => {
  expect(mergeRequests([{}, {}])).toEqual({})
  expect(mergeRequests([])).toEqual({})
})
