import { expect, test } from 'vitest'
import type { Parcel } from '../../src/lanes/parcel.ts'
import type { Refusal } from '../../src/outcomes.ts'
import { Sending } from '../../src/wire/sending.ts'
import { Session } from '../../src/wire/session.ts'
import { layOut } from '../../src/wire/transfer.ts'
import { MemoryOutput } from '../fixtures/wire.ts'

interface Tested extends Parcel {
  readonly ends: (Refusal | 'accepted' | 'left')[]
}

function parcel(number: number): Tested {
  const ends: Tested['ends'] = []
  return {
    number,
    index: 0,
    sequence: number,
    sentMs: 0,
    ends,
    left: () => void ends.push('left'),
    accepted: () => void ends.push('accepted'),
    refused: (refusal) => void ends.push(refusal),
  }
}

function setUp({ size = 40, isSettled = false, window = 1_000_000 } = {}) {
  const output = new MemoryOutput()
  const session = new Session(output)
  session.flowed(0, window)
  const body = Buffer.alloc(size, 'x')
  const transfer = layOut({
    handle: 0,
    isSettled,
    isDurable: true,
    isTraced: false,
    body,
    changing: 32,
    largestFrame: 600,
  })
  const sending = new Sending(output, session, { handle: 0, transfer, isSettled })
  return { output, session, sending }
}

const deliveries = (output: MemoryOutput): readonly unknown[] =>
  output.takeFrames().map(({ performative }) => performative!['delivery_id'])

test('messages leave as far as the credit goes, and in order', () => {
  const { output, sending } = setUp()
  for (let number = 0; number < 5; number++) sending.send(parcel(number))
  expect(output.take()).toHaveLength(0)
  sending.flowed(0, 2, false)
  expect(deliveries(output)).toEqual([0, 1])
  // the peer has not seen the second one yet
  sending.flowed(1, 2, false)
  expect(deliveries(output)).toEqual([2])
  sending.flowed(3, 100, false)
  sending.send(parcel(5))
  expect(deliveries(output)).toEqual([3, 4, 5])
})

test('a message of several frames leaves as far as the window goes, and others wait behind it', () => {
  const { output, session, sending } = setUp({ size: 2_000, window: 2 })
  sending.flowed(0, 10, false)
  sending.send(parcel(0))
  sending.send(parcel(1))
  expect(output.takeFrames()).toHaveLength(2)
  session.flowed(2, 3)
  sending.pump()
  const frames = output.takeFrames().map(({ performative }) => performative!)
  expect(frames.map((each) => [each['delivery_id'], each['more']])).toEqual([
    [null, true],
    [null, false],
    [1, true],
  ])
})

test('settled messages have left once they are laid out', async () => {
  const { session, sending } = setUp({ size: 2_000, isSettled: true, window: 3 })
  const [first, second] = [parcel(0), parcel(1)]
  sending.flowed(0, 10, false)
  sending.send(first)
  sending.send(second)
  await new Promise(setImmediate)
  expect([first.ends, second.ends]).toEqual([[], []])
  session.flowed(3, 100)
  sending.pump()
  expect(first.ends).toEqual([])
  await new Promise(setImmediate)
  expect([first.ends, second.ends]).toEqual([['left'], ['left']])
})

test('credit that is not used is given back when the peer drains it', () => {
  const { output, sending } = setUp()
  sending.send(parcel(0))
  sending.flowed(0, 10, true)
  const [message, flow] = output.takeFrames().map(({ performative }) => performative!)
  expect(message!['delivery_id']).toBe(0)
  expect(flow).toMatchObject({ handle: 0, delivery_count: 10, link_credit: 0, next_outgoing_id: 1 })
  sending.send(parcel(1))
  expect(output.take()).toHaveLength(0)
  sending.flowed(10, 1, false)
  expect(deliveries(output)).toEqual([1])
})

test('a range settles what is in it, once', () => {
  const { sending } = setUp()
  sending.flowed(0, 100, false)
  const parcels = Array.from({ length: 6 }, (_, number) => parcel(number))
  for (const each of parcels) sending.send(each)
  const refusal = { name: 'released', reason: 'why' }
  sending.settled(1, 2, 'accepted')
  sending.settled(0, 3, refusal)
  sending.settled(5, 5, undefined)
  sending.settled(0, 5, 'accepted')
  expect(parcels.map(({ ends }) => ends)).toEqual([
    [refusal],
    ['accepted'],
    ['accepted'],
    [refusal],
    ['accepted'],
    [{ name: 'no outcome', reason: 'the broker gave no reason' }],
  ])
})

test('a message that waits for long is found behind ten thousand others', () => {
  const { sending } = setUp()
  sending.flowed(0, 100_000, false)
  const [early, late] = [parcel(0), parcel(1)]
  sending.send(early)
  sending.send(late)
  for (let delivery = 2; delivery < 10_000; delivery++) {
    const other = parcel(2)
    sending.send(other)
    sending.settled(delivery, delivery, 'accepted')
    expect(other.ends).toEqual(['accepted'])
  }
  expect([early.ends, late.ends]).toEqual([[], []])
  sending.settled(0, 0, 'accepted')
  sending.settled(0, 9_999, 'accepted')
  expect([early.ends, late.ends]).toEqual([['accepted'], ['accepted']])
})

test.each([
  [0, 0],
  [3, 3],
  [2, 1],
  [0, 4_000_000_000],
])('a disposition of deliveries that were not sent is refused: %d to %d', (first, last) => {
  const { sending } = setUp()
  sending.flowed(0, first === 0 && last === 0 ? 0 : 3, false)
  for (let number = 0; number < 3; number++) sending.send(parcel(number))
  expect(() => sending.settled(first, last, 'accepted')).toThrow(/of which not all were sent/)
})
