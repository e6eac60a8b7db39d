import { deflateSync, gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MessageReader } from '../../../src/lanes/wire/message-reader.ts'
import type { EndStatus } from '../../../src/wire/end-status.ts'
import { framed } from '../../servers/raw.ts'

function reading(encoding = 'identity', limitBytes = 100_000) {
  const messages: string[] = []
  const reader = new MessageReader({ limitBytes, keepsMessages: true })
  const listener = {
    onMessage: (_bytes: number, message?: Buffer) => void messages.push(message!.toString('hex')),
  }
  const read = (bytes: Buffer): EndStatus | undefined =>
    reader.read(bytes, 0, bytes.length, encoding, listener)
  return { messages, read, reader }
}

test('messages are the same wherever they are cut, compressed or not', () => {
  const message = fc.tuple(fc.uint8Array({ maxLength: 600 }), fc.boolean())
  fc.assert(
    fc.property(
      fc.array(message),
      fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1 }),
      (sent, cuts) => {
        const bytes = Buffer.concat(
          sent.map(([one, isCompressed]) => framed(isCompressed ? gzipSync(one) : one, isCompressed)),
        )
        const { messages, read } = reading('gzip')
        for (let at = 0, cut = 0; at < bytes.length; at += cuts[cut++ % cuts.length]!)
          expect(read(bytes.subarray(at, at + cuts[cut % cuts.length]!))).toBeUndefined()
        expect(messages).toEqual(sent.map(([one]) => Buffer.from(one).toString('hex')))
      },
    ),
  )
})

test('deflate is read as well', () => {
  const { messages, read } = reading('deflate')
  read(framed(deflateSync(Buffer.from('hello')), true))
  expect(messages).toEqual([Buffer.from('hello').toString('hex')])
})

test('what is kept of an unfinished message does not outlive its call', () => {
  const { messages, read, reader } = reading()
  read(framed(Buffer.from('first')).subarray(0, 7))
  reader.reset()
  read(framed(Buffer.from('second')))
  expect(messages).toEqual([Buffer.from('second').toString('hex')])
})

test.for([0, 1])('a length above the limit is refused before there is room for it, cut at %i', (cut) => {
  const { read } = reading('identity', 1_000)
  const head = Buffer.from([0, 0xff, 0xff, 0xff, 0xff])
  const fault = cut === 0 ? read(head) : (read(head.subarray(0, cut)) ?? read(head.subarray(cut)))
  expect(fault).toEqual({ code: 8, details: 'Received message larger than max (4294967295 vs 1000)' })
})
