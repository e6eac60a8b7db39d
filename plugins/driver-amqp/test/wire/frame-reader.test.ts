import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader } from '../../src/wire/frame-reader.ts'
import { frameOf, protocolHeaders, types } from '../../src/wire/frame.ts'
import { cut } from '../fixtures/wire.ts'

const largest = 1_000

/** What a reader makes of these pieces. */
function readAll(pieces: readonly Buffer[]): readonly string[] {
  const seen: string[] = []
  const reader = new FrameReader(
    {
      header: (bytes, at) => void seen.push(`header ${bytes.toString('latin1', at, at + 8)}`),
      frame: (type, channel, bytes, at, end) =>
        void seen.push(`${type} ${channel} ${bytes.toString('hex', at, end)}`),
    },
    largest,
  )
  for (const piece of pieces) {
    // as the shared buffer of all sockets: what is behind belongs to others, and it is written over
    const shared = Buffer.concat([piece, Buffer.alloc(20, 0xff)])
    reader.read(shared, piece.length)
    shared.fill(0xee)
  }
  return seen
}

const body = fc.uint8Array({ maxLength: largest - 8 }).map((bytes) => Buffer.from(bytes))
const places = fc.array(fc.nat(), { maxLength: 30 })

test('frames are the same wherever a read ends', () => {
  fc.assert(
    fc.property(fc.array(body, { minLength: 1, maxLength: 6 }), places, (bodies, at) => {
      const bytes = Buffer.concat([protocolHeaders.amqp, ...bodies.map((each) => frameOf(types.amqp, each))])
      const expected = [`header ${protocolHeaders.amqp.toString('latin1')}`].concat(
        bodies.map((each) => `0 0 ${each.toString('hex')}`),
      )
      expect(readAll(cut(bytes, at))).toEqual(expected)
    }),
  )
})

test('byte by byte', () => {
  const bytes = Buffer.concat([
    protocolHeaders.sasl,
    frameOf(types.sasl, Buffer.from('abc')),
    frameOf(types.sasl),
  ])
  expect(readAll(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(readAll([bytes]))
})

test('an extended header is passed over', () => {
  const frame = Buffer.from('000000100300000700000000616263ff', 'hex')
  expect(readAll([protocolHeaders.amqp, frame])[1]).toBe('0 7 616263ff')
})

test.each([
  ['shorter than its own head', '0000000702000000', /a frame of 7 B/],
  ['larger than allowed', '000003e902000000', /a frame of 1001 B, where 1000 B were allowed/],
  ['of four gigabytes', 'ffffffff02000000', /a frame of 4294967295 B/],
  ['whose data begin in its head', '0000000801000000', /outside of it/],
  ['whose data begin behind it', '00000008ff000000', /outside of it/],
])('a frame that is %s is refused, however it is cut', (_, hex, message) => {
  const bytes = Buffer.concat([protocolHeaders.amqp, Buffer.from(hex, 'hex')])
  for (let place = 0; place <= bytes.length; place++)
    expect(() => readAll(cut(bytes, [place]))).toThrow(message)
})
