import fc from 'fast-check'
import rhea, { type Message } from 'rhea'
import { expect, test } from 'vitest'
import { createEnvelope, damageOf, headerBytes, headerOf } from '../../src/payload/envelope.ts'

const run = 0xffff_fffe

/** As any AMQP 1.0 client reads it. */
function decode(message: Buffer): Message & { readonly body: { readonly content: Buffer } } {
  return rhea.message.decode(message) as never
}

test('rhea reads what was written', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: headerBytes, max: 70_000 }),
      fc.boolean(),
      fc.integer({ min: 1, max: 2 ** 48 - 1 }),
      fc.integer({ min: 0, max: 2_000 }),
      (size, durable, sequence, exchange) => {
        const envelope = createEnvelope({ size, durable }, { run, track: 7 })
        const draft = envelope.createDraft(exchange)
        const message = decode(envelope.write(draft, sequence, 12.5))
        expect(message.durable ?? false).toBe(durable)
        const { content } = message.body
        expect(content.length).toBe(size)
        expect(headerOf.isThere(content)).toBe(true)
        expect(damageOf(content)).toBeUndefined()
        expect([
          headerOf.run(content),
          headerOf.size(content),
          headerOf.track(content),
          headerOf.exchange(content),
          headerOf.sequence(content),
          headerOf.sentMs(content),
        ]).toEqual([run, size, 7, exchange, sequence, 12.5])
      },
    ),
  )
})

test('a draft is rewritten in place', () => {
  const envelope = createEnvelope({ size: 100, durable: true }, { run, track: 0 })
  const draft = envelope.createDraft(0)
  const first = envelope.write(draft, 1, 0)
  expect(envelope.write(draft, 2, 0)).toBe(first)
  expect(headerOf.sequence(decode(first).body.content)).toBe(2)
})

test('other bodies and damaged ones are recognized', () => {
  const { content } = decode(
    createEnvelope({ size: 64, durable: false }, { run, track: 0 }).write(
      { exchange: 0, message: undefined },
      1,
      0,
    ),
  ).body
  expect(headerOf.isThere(content.subarray(0, headerBytes - 1))).toBe(false)
  expect(headerOf.isThere(Buffer.alloc(64))).toBe(false)
  expect(damageOf(content.subarray(0, 40))).toBe('has 40 B instead of 64 B')
  expect(damageOf(Buffer.concat([content, content]))).toBe('has 128 B instead of 64 B')
  const damaged = Buffer.from(content)
  damaged[63]! ^= 1
  expect(damageOf(damaged)).toBe('has another body than was sent')
})
