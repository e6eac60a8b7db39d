import fc from 'fast-check'
import rhea from 'rhea'
import { expect, test } from 'vitest'
import { layOut } from '../../src/wire/transfer.ts'
import { MemoryOutput } from '../fixtures/wire.ts'

const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`

const body = fc
  .uint8Array({ minLength: 32, maxLength: 60_000, size: 'max' })
  .map((bytes) => Buffer.from(bytes))

test('rhea reads the message from its frames, whatever their size', () => {
  fc.assert(
    fc.property(
      body,
      fc.boolean(),
      fc.boolean(),
      fc.boolean(),
      fc.oneof(fc.integer({ min: 512, max: 2_000 }), fc.constant(100_000)),
      (given, isDurable, isTraced, isSettled, largestFrame) => {
        const transfer = layOut({
          handle: 3,
          isSettled,
          isDurable,
          isTraced,
          body: given,
          changing: 32,
          largestFrame,
        })
        const output = new MemoryOutput()
        const head = Buffer.from(transfer.head)
        head.writeUInt32BE(77, transfer.deliveryAt)
        head.writeUInt32BE(5, transfer.tagAt)
        if (isTraced) head.write(traceparent, transfer.traceAt, 'latin1')
        expect(head.subarray(transfer.bodyAt, transfer.bodyAt + 32)).toEqual(given.subarray(0, 32))
        for (const piece of [head, ...transfer.rest]) output.write(piece)
        const frames = output.takeFrames()
        for (const { channel } of frames) expect(channel).toBe(0)
        const [first, ...others] = frames.map(({ performative }) => performative!)
        expect(first).toMatchObject({ handle: 3, delivery_id: 77, message_format: 0, settled: isSettled })
        expect(first!['delivery_tag']).toEqual(Buffer.from([0, 0, 0, 5]))
        expect(transfer.rest.length - transfer.restOfFirst).toBe(others.length)
        for (const [at, each] of others.entries())
          expect(each).toMatchObject({ handle: 3, delivery_id: null, more: at < others.length - 1 })
        expect(first!['more']).toBe(others.length > 0)
        const message = rhea.message.decode(Buffer.concat(frames.map(({ payload }) => payload!)))
        expect((message.body as { readonly content: Buffer }).content.equals(given)).toBe(true)
        expect(message.durable ?? false).toBe(isDurable)
        expect(message.application_properties).toEqual(isTraced ? { traceparent } : undefined)
        for (const piece of transfer.rest.slice(transfer.restOfFirst))
          expect(piece.length).toBeLessThanOrEqual(largestFrame)
      },
    ),
    { numRuns: 50 },
  )
})
