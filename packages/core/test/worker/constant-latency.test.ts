import { expect, it } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'

it.each([1, 4])('reads 50 ms of a server that takes 50 ms, with %i worker(s)', async (workers) => {
  const { flow, breaches, elapsedMs } = await simulate({
    load: constantRate(100, 10_000),
    durationMs: 10_000,
    workers,
    serve: (slot, { answer }) => answer(slot, 50),
  })
  const { response, service, lag } = flow.total
  expect(response.count).toBe(1000)
  for (const p of [50, 99]) expect(response.percentile(p) / 1e6).toBeCloseTo(50, 1)
  expect(service.percentile(50) / 1e6).toBeCloseTo(50, 1)
  expect(lag.max).toBe(0)
  expect(elapsedMs).toBe(10_000)
  expect(breaches).toEqual([])
})

it('sends 80 requests a second when 4 workers share a rate of 80', async () => {
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

it('spreads the requests of a second over the whole of it', async () => {
  const { arrivalsMs } = await simulate({
    load: constantRate(100, 5_000),
    durationMs: 5_000,
    serve: (slot, { answer }) => answer(slot, 1),
  })
  const early = arrivalsMs.filter((arrival) => arrival % 1000 < 100).length
  expect(early / arrivalsMs.length).toBeCloseTo(0.1, 2)
})
