import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FrameReader } from '../../../src/wire/http2/frame-reader.ts'
import { frame } from '../../../src/wire/http2/frames.ts'

interface Taken {
  readonly type: number
  readonly flags: number
  readonly stream: number
  readonly payload: string
}

function reading(): { readonly taken: Taken[]; read(bytes: Buffer): void } {
  const taken: Taken[] = []
  const reader = new FrameReader((type, flags, stream, bytes, from, to) => {
    taken.push({ type, flags, stream, payload: bytes.toString('hex', from, to) })
  })
  // one buffer for all reads, longer than what is in it, as sockets have it
  const shared = Buffer.alloc(200_000)
  return {
    taken,
    read(bytes) {
      shared.fill(0xee)
      bytes.copy(shared)
      reader.read(shared, bytes.length)
    },
  }
}

const frames = fc.array(
  fc.record({
    type: fc.nat(255),
    flags: fc.nat(255),
    stream: fc.nat(2 ** 31 - 1),
    payload: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(16_384).fill(7))),
  }),
  { maxLength: 8 },
)

test('frames are the same wherever they are cut', () => {
  fc.assert(
    fc.property(frames, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1 }), (sent, cuts) => {
      const bytes = Buffer.concat(
        sent.map(({ type, flags, stream, payload }) => frame(type, flags, stream, payload)),
      )
      const { taken, read } = reading()
      for (let at = 0, cut = 0; at < bytes.length; cut++) {
        // most cuts are small: what is large comes in pieces of its own
        const size = cuts[cut % cuts.length]! * (cut % 7 === 0 ? 500 : 1)
        read(bytes.subarray(at, at + size))
        at += size
      }
      expect(taken).toEqual(
        sent.map(({ type, flags, stream, payload }) => ({
          type,
          flags,
          stream,
          payload: Buffer.from(payload).toString('hex'),
        })),
      )
    }),
  )
})

test.for(['in one piece', 'byte by byte'])('a frame that is longer than we allow is refused, %s', (how) => {
  const head = frame(0, 0, 1, Buffer.alloc(16_385)).subarray(0, 9)
  const { read } = reading()
  expect(() => {
    if (how === 'in one piece') read(head)
    else for (const byte of head) read(Buffer.from([byte]))
  }).toThrow('a frame of 16385 bytes, where at most 16384 are allowed')
})
