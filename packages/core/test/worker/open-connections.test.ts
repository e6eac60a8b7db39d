import { expect, it } from 'vitest'
import { constantRate, simulate } from '../support/simulate.ts'

it('counts the time that connections are open from the start of the phase, however long before they were opened', async () => {
  const { flow, elapsedMs } = await simulate({
    load: constantRate(100, 4_000, 5),
    durationMs: 4_000,
    serve: (slot, { answer }) => answer(slot, 1),
  })
  expect(flow.connections.opened).toBe(5)
  // the simulation opens them a second before the load
  expect(flow.connections.openMs / elapsedMs).toBeCloseTo(5, 1)
})
