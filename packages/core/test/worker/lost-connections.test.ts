import { expect, it } from 'vitest'
import type { Lost } from '../../src/worker/connections.ts'
import { constantRate, simulate } from '../support/simulate.ts'

const ended = Object.assign(new Error('the server closed the connection'), { code: 'ENDED' })

it('a connection that dies while idle costs no request, and is replaced at once', async () => {
  let losses = 0
  let lost: Lost = () => {}
  const { flow } = await simulate({
    load: constantRate(1, 10_000, 1),
    durationMs: 10_000,
    serve: (slot, { answer, clock, nowMs }) => {
      answer(slot, 1)
      clock.at(clock.now() + 500, () => {
        losses++
        lost(ended)
      })
      expect(nowMs % 1000).toBe(0)
    },
    connect: (_index, _nowMs, how) => (lost = how),
  })
  expect(flow.total).toMatchObject({ sent: 10, ok: 10, failed: 0 })
  expect(flow.connections.opened).toBe(1 + losses)
  expect(losses).toBe(10)
})

it('what comes due while there is no connection keeps its due time', async () => {
  const losses: Lost[] = []
  const { flow, breaches } = await simulate({
    load: constantRate(10, 2_000, 1),
    durationMs: 2_000,
    serve: (slot, { answer }) => answer(slot, 1),
    connect(_index, nowMs, lost) {
      if (nowMs > 0 && nowMs < 700) throw new Error('refused')
      losses.push(lost)
    },
    script: ({ clock, startMs }) => void clock.at(startMs + 250, () => losses[0]!(ended)),
  })
  expect(flow.total).toMatchObject({ sent: 20, ok: 20, failed: 0, unsent: 0 })
  // due at 300 ms, sent after 700 ms
  expect(flow.total.response.max).toBeGreaterThan(400e6)
  expect(flow.total.service.max).toBeLessThan(2e6)
  expect(breaches).toEqual([])
})

it('a request in flight on it fails under the code of the error, and says what happened', async () => {
  let lost: Lost = () => {}
  const { flow } = await simulate({
    load: constantRate(1, 3_000, 1),
    durationMs: 3_000,
    streams: 2,
    serve: (slot, { answer, clock, nowMs }) => {
      if (nowMs === 1000) clock.at(clock.now() + 5, () => lost(ended))
      else answer(slot, 1)
    },
    connect: (_index, _nowMs, how) => (lost = how),
  })
  expect(flow.total).toMatchObject({ sent: 3, ok: 2, failed: 1 })
  expect(flow.total.outcomes['ENDED']).toEqual({ count: 1, ok: false, example: ended.message, lost: true })
})

it('a server that ends every connection at once is not asked without a pause', async () => {
  let attempts = 0
  const { flow } = await simulate({
    load: constantRate(1, 10_000, 1),
    durationMs: 10_000,
    drainMs: 0,
    serve: () => {},
    connect(_index, nowMs, lost) {
      if (nowMs < 10_000) attempts++
      lost(ended)
    },
  })
  expect(flow.total.unsent).toBe(10)
  // 50 ms, 100 ms, … 1 s
  expect(attempts).toBeGreaterThan(10)
  expect(attempts).toBeLessThan(20)
  expect(flow.connections.opened).toBe(attempts)
})

it('is counted as open only while it was', async () => {
  let away: Lost | undefined
  const { flow, elapsedMs } = await simulate({
    load: constantRate(1, 4_000, 2),
    durationMs: 4_000,
    serve: (slot, { answer }) => answer(slot, 1),
    connect(index, nowMs, lost) {
      // the second connection is away for half of the time
      if (index === 1 && nowMs > 0 && nowMs < 3000) throw new Error('refused')
      if (index === 1) away ??= lost
    },
    script: ({ clock, startMs }) => void clock.at(startMs + 1000, () => away!(ended)),
  })
  expect(flow.connections.openMs / elapsedMs).toBeGreaterThan(1.2)
  expect(flow.connections.openMs / elapsedMs).toBeLessThan(1.6)
})

it('a process that was held up looks for connections that were closed meanwhile before it sends', async () => {
  let lost: Lost = () => {}
  let isDead = false
  const { flow, breaches } = await simulate({
    load: constantRate(2, 2_000, 1),
    durationMs: 2_000,
    connect(_index, _nowMs, sayLost) {
      lost = sayLost
      isDead = false
    },
    serve(slot, { answer }) {
      if (isDead) slot.fail(new Error('sent on a dead connection'))
      else answer(slot, 1)
    },
    script({ clock, startMs }) {
      // held up from 980 ms on, over the arrival at 1000 ms; the end of the connection is read after timers have fired
      clock.at(startMs + 980, () => {
        isDead = true
        clock.skip(60)
        clock.soon(() => lost())
      })
    },
  })
  expect(flow.total).toMatchObject({ ok: 4, failed: 0, sent: 4 })
  expect(flow.connections.opened).toBe(2)
  expect(breaches).toEqual([])
})
