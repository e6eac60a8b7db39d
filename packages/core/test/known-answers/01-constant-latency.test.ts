import { expect, it } from 'vitest'
import { expectQuantiles } from '../support/milliseconds.ts'
import { parallel } from '../support/servers.ts'
import { constantRate, simulate } from '../support/simulate.ts'

it.each([1, 4])('known answer 1: 50 ms of a server that takes 50 ms, with %i worker(s)', async (workers) => {
  const { flow, breaches, elapsedMs } = await simulate({
    load: constantRate(20, 10_000),
    durationMs: 10_000,
    workers,
    serve: parallel(50),
  })
  const { response, service, lag } = flow.total
  // as many samples as requests: nothing is made up
  expect({ responses: response.count, sent: flow.total.sent }).toEqual({ responses: 200, sent: 200 })
  expectQuantiles(response, { 50: 50, 99: 50 })
  expectQuantiles(service, { 50: 50, 99: 50 })
  expect(lag.max).toBe(0)
  expect(elapsedMs).toBe(10_000)
  expect(breaches).toEqual([])
})

it('known answer 1: 80 requests a second arrive when 4 workers share a rate of 80', async () => {
  const { flow, arrivalsMs, breaches } = await simulate({
    load: constantRate(80, 10_000),
    durationMs: 10_000,
    workers: 4,
    serve: (slot, { answer }) => answer(slot, 1),
  })
  expect(flow.total.sent).toBe(800)
  expect(arrivalsMs).toEqual(Array.from({ length: 800 }, (_, index) => index * 12.5))
  expect(breaches).toEqual([])
})

it('known answer 1: the requests of a second are spread over the whole of it', async () => {
  const { arrivalsMs } = await simulate({
    load: constantRate(100, 5_000),
    durationMs: 5_000,
    serve: (slot, { answer }) => answer(slot, 1),
  })
  const early = arrivalsMs.filter((arrival) => arrival % 1000 < 100).length
  expect(early / arrivalsMs.length).toBeCloseTo(0.1, 2)
})
