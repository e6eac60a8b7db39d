import fc from 'fast-check'
import rhea from 'rhea'
import { expect, test } from 'vitest'
import { noBytes } from '../../src/lanes/message.ts'
import { MessageReader } from '../../src/wire/message.ts'

const reader = new MessageReader()

function read(message: Buffer) {
  const bytes = Buffer.concat([Buffer.alloc(5), message, Buffer.alloc(5, 0xff)])
  reader.read(bytes, 5, 5 + message.length)
  const { start, end, isData, isRedelivered } = reader
  const body = start === noBytes ? undefined : Buffer.from(reader.bytes.subarray(start, end))
  return { body, isData, isRedelivered }
}

const bytes = fc.uint8Array({ maxLength: 400 }).map((given) => Buffer.from(given))

test('the body is found behind all sections that rhea writes', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.record(
        {
          durable: fc.boolean(),
          first_acquirer: fc.boolean(),
          delivery_count: fc.nat(3),
          message_id: fc.string(),
          user_id: bytes,
          subject: fc.string(),
          content_type: fc.constant('text/plain'),
          application_properties: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
          message_annotations: fc.dictionary(fc.stringMatching(/^x-[a-z]{1,5}$/), fc.string()),
          footer: fc.dictionary(fc.string({ minLength: 1 }), fc.string()),
        },
        { requiredKeys: [] },
      ),
      (body, sections) => {
        const message = { ...sections, body: rhea.message.data_section(body) }
        expect(read(rhea.message.encode(message as never))).toEqual({
          body,
          isData: true,
          isRedelivered: sections.first_acquirer === false || (sections.delivery_count ?? 0) > 0,
        })
      },
    ),
  )
})

test('bodies of other types, as rhea reads them', () => {
  const encoded = (body: unknown): Buffer => rhea.message.encode({ body })
  const plain = { isData: false, isRedelivered: false }
  const two = rhea.message.data_sections([Buffer.from('ab'), Buffer.from('c')])
  expect(read(encoded(two))).toEqual({ ...plain, body: Buffer.from('abc') })
  expect(read(encoded('text'))).toEqual({ ...plain, body: Buffer.from('text') })
  expect(read(encoded(Buffer.from('bin')))).toEqual({ ...plain, body: Buffer.from('bin') })
  expect(read(encoded(12))).toEqual({ ...plain, body: undefined })
  expect(read(encoded(rhea.message.sequence_section([1, 2])))).toEqual({ ...plain, body: undefined })
  expect(read(Buffer.alloc(0))).toEqual({ ...plain, body: undefined })
})

test('sections are known by their names and by numbers of eight bytes', () => {
  const named = Buffer.concat([
    Buffer.from('00a310', 'hex'),
    Buffer.from('amqp:data:binary'),
    Buffer.from('a00161', 'hex'),
  ])
  const long = Buffer.from('00800000000000000075a00161', 'hex')
  for (const message of [named, long])
    expect(read(message)).toMatchObject({ body: Buffer.from('a'), isData: true })
})

test('any bytes are a message or an error', () => {
  const parts = fc.array(
    fc.oneof(
      bytes,
      fc.constantFrom(...['005375', '005370', '005377', 'a00161'].map((hex) => Buffer.from(hex, 'hex'))),
    ),
  )
  fc.assert(
    fc.property(parts, (given) => {
      try {
        read(Buffer.concat(given))
      } catch (error) {
        expect(error).toMatchObject({ code: 'PROTOCOL_ERROR' })
      }
    }),
    { numRuns: 1_000 },
  )
})
