import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger, findings, type Track } from '../../src/audit/ledger.ts'

function trackOf(messages: number): Track {
  const track = createLedger().openTrack('flow', 0)
  for (let count = 0; count < messages; count++) track.nextSequence()
  return track
}

test('the findings agree with plain sets', () => {
  const event = fc.record({ number: fc.integer({ min: 1, max: 40 }), isReceived: fc.boolean() })
  fc.assert(
    fc.property(fc.array(event, { maxLength: 200 }), (events) => {
      const track = trackOf(40)
      const acknowledged = new Set<number>()
      const received = new Set<number>()
      let twice = 0
      for (const { number, isReceived } of events)
        if (isReceived) {
          if (received.has(number)) twice++
          received.add(number)
          track.received(number, false)
        } else {
          acknowledged.add(number)
          track.acknowledged(number)
        }

      const missing = [...acknowledged].filter((number) => !received.has(number)).length
      expect(track.missing()).toBe(missing)
      expect(findings([track]).map(({ examined, violations }) => [examined, violations])).toEqual([
        [acknowledged.size, missing],
        [received.size, twice],
        [received.size, 0],
      ])
    }),
  )
})

test('old messages take no memory, and a duplicate of one is still found', () => {
  const messages = 200_000
  const track = trackOf(messages)
  for (let number = 1; number <= messages; number++) {
    track.acknowledged(number)
    track.received(number, false)
  }
  expect(track.missing()).toBe(0)
  track.received(70_000, false)
  track.received(70_001, true)
  expect(findings([track])).toMatchObject([
    { status: 'passed', examined: messages },
    { status: 'failed', violations: 1, message: 'message 70000 of sender 0 came twice' },
    { status: 'passed' },
  ])
})

test('a connection that is opened again continues its track', () => {
  const ledger = createLedger()
  const track = ledger.openTrack('a', 3)
  expect(ledger.openTrack('a', 3)).toBe(track)
  expect(ledger.openTrack('b', 3)).not.toBe(track)
  expect(ledger.tracksOf('a')).toEqual([track])
  expect(ledger.tracksOf('c')).toEqual([])
  expect(ledger.track(track.id)).toBe(track)
})
