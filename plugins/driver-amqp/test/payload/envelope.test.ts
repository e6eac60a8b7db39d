import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEnvelope, damageOf, headerBytes, headerOf, stamp } from '../../src/payload/envelope.ts'

const run = 0xffff_fffe

const of = (size: number) => createEnvelope({ size, durable: true }, { run, track: 7 })

test('a header is read as it was written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: headerBytes, max: 70_000 }),
      fc.integer({ min: 1, max: 2 ** 48 - 1 }),
      fc.integer({ min: 0, max: 2_000 }),
      fc.integer({ min: 0, max: 9 }),
      (size, sequence, number, at) => {
        const bytes = Buffer.concat([Buffer.alloc(at), of(size).body, Buffer.alloc(3)])
        const end = at + size
        stamp(bytes, at, { number, sequence, sentMs: 12.5 })
        expect(headerOf.isThere(bytes, at, end)).toBe(true)
        expect(damageOf(bytes, at, end)).toBeUndefined()
        expect([
          headerOf.run(bytes, at),
          headerOf.size(bytes, at),
          headerOf.track(bytes, at),
          headerOf.exchange(bytes, at),
          headerOf.sequence(bytes, at),
          headerOf.sentMs(bytes, at),
        ]).toEqual([run, size, 7, number, sequence, 12.5])
      },
    ),
  )
})

test('other bodies and damaged ones are recognized', () => {
  const { body } = of(64)
  expect(headerOf.isThere(body, 0, headerBytes - 1)).toBe(false)
  expect(headerOf.isThere(Buffer.alloc(64), 0, 64)).toBe(false)
  expect(damageOf(body, 0, 40)).toBe('has 40 B instead of 64 B')
  expect(damageOf(Buffer.concat([body, body]), 0, 128)).toBe('has 128 B instead of 64 B')
  const damaged = Buffer.from(body)
  damaged[63]! ^= 1
  expect(damageOf(damaged, 0, 64)).toBe('has another body than was sent')
})
