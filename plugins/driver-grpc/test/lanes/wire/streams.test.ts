import { expect, test } from 'vitest'
import { Streams } from '../../../src/lanes/wire/streams.ts'
import type { WireCall } from '../../../src/lanes/wire/wire-call.ts'

/** As far as streams look at a call. */
const callOf = (): WireCall => ({ stream: 0 }) as unknown as WireCall

function open(streams: Streams, call: WireCall): number {
  const id = streams.open(call)
  Object.assign(call, { stream: id })
  return id
}

test('a call that lasts keeps its place, and its number is left out when the ring comes around', () => {
  const streams = new Streams(2)
  const long = callOf()
  expect(open(streams, long)).toBe(1)
  const ids: number[] = []
  for (let round = 0; round < 8; round++) {
    const id = open(streams, callOf())
    ids.push(id)
    expect(streams.find(1)).toBe(long)
    streams.close(id)
    expect(streams.find(id)).toBeUndefined()
    expect(streams.knows(id)).toBe(true)
  }
  expect(ids).toEqual([3, 5, 7, 11, 13, 15, 19, 21])
  expect(streams.count).toBe(1)
})

test('what was never opened is not known, nor what a server would open', () => {
  const streams = new Streams(2)
  open(streams, callOf())
  expect([0, 1, 2, 3].filter((id) => streams.knows(id))).toEqual([1])
})

test('ids are used up before they are too large for a frame', () => {
  const streams = new Streams(2, 2 ** 31 - 21)
  expect(streams.isUsedUp).toBe(false)
  while (!streams.isUsedUp) streams.close(open(streams, callOf()))
  expect(open(streams, callOf())).toBeLessThan(2 ** 31)
})
