import fc from 'fast-check'
import rhea, { type Message } from 'rhea'
import { expect, test } from 'vitest'
import { createEnvelope, headerBytes, headerOf, isOfRun } from '../../src/payload/envelope.ts'

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
      fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      fc.integer({ min: 0, max: 2_000 }),
      (size, durable, sequence, exchange) => {
        const envelope = createEnvelope({ size, durable }, { run, track: 7 })
        const draft = envelope.createDraft(exchange)
        const message = decode(envelope.write(draft, sequence, 12.5))
        expect(message.durable ?? false).toBe(durable)
        const { content } = message.body
        expect(content.length).toBe(size)
        expect(isOfRun(content, run)).toBe(true)
        expect([
          headerOf.track(content),
          headerOf.exchange(content),
          headerOf.sequence(content),
          headerOf.sentMs(content),
        ]).toEqual([7, exchange, sequence, 12.5])
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

test('messages of other runs are recognized', () => {
  const { content } = decode(
    createEnvelope({ size: 64, durable: false }, { run, track: 0 }).write(
      { exchange: 0, message: undefined },
      1,
      0,
    ),
  ).body
  expect(isOfRun(content, run)).toBe(true)
  expect(isOfRun(content, 1)).toBe(false)
  expect(isOfRun(content.subarray(0, 8), run)).toBe(false)
  expect(isOfRun(Buffer.alloc(64), run)).toBe(false)
})
