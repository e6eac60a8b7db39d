import { expect, it } from 'vitest'
import { expectQuantiles } from '../support/milliseconds.ts'
import { constantRate, simulate, type Serve } from '../support/simulate.ts'

const aTenthIsSlow: Serve = (slot, { answer }) => answer(slot, slot.index % 10 === 3 ? 1000 : 1)

it('known answer 8: a tenth that takes 1 s stays a tenth: nothing is corrected after the fact', async () => {
  const { flow, breaches } = await simulate({
    load: constantRate(100, 20_000, 500),
    durationMs: 20_000,
    serve: aTenthIsSlow,
  })
  expectQuantiles(flow.total.response, { 50: 1, 75: 1, 90: 1, 95: 1000 })
  expect(flow.total.response.count).toBe(2000)
  expect(breaches).toEqual([])
})

it('known answer 8: nor in a closed loop, where a correction would make a p75 of 596 ms of it', async () => {
  const { flow, breaches } = await simulate({
    load: { model: 'closed', connections: 10, thinkMs: 0 },
    durationMs: 20_000,
    serve: aTenthIsSlow,
  })
  expectQuantiles(flow.total.service, { 50: 1, 75: 1, 95: 1000 })
  expect(flow.total.service.count).toBe(flow.total.sent)
  expect(breaches).toEqual([])
})
