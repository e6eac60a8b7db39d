import { connect, createServer, type OutgoingHttpHeaders } from 'node:http2'
import { connect as connectTcp } from 'node:net'
import { listening } from '@cloudbench/fixtures/tcp-server'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { FieldReader } from '../../../src/wire/http2/field-reader.ts'
import { fieldName, literalField, writeLength } from '../../../src/wire/http2/field-writer.ts'
import { FrameReader } from '../../../src/wire/http2/frame-reader.ts'
import { frame, frameType, preface, setting, settingsPayload } from '../../../src/wire/http2/frames.ts'
import { staticTable } from '../../../src/wire/http2/static-table.ts'
import { block, okBlock } from '../../servers/frames.ts'

type Field = readonly [name: string, value: string]

function fieldsOf(bytes: Buffer, limitBytes = 1_000_000): Field[] {
  const fields: Field[] = []
  new FieldReader(limitBytes).read(bytes, 0, bytes.length, (name, value) => fields.push([name, value]))
  return fields
}

test('the static table has the entries of the standard', () => {
  expect(staticTable).toHaveLength(62)
  expect(staticTable[1]).toEqual({ name: ':authority', value: '' })
  expect(staticTable[8]).toEqual({ name: ':status', value: '200' })
  expect(staticTable[16]).toEqual({ name: 'accept-encoding', value: 'gzip, deflate' })
  expect(staticTable[31]).toEqual({ name: 'content-type', value: '' })
  expect(staticTable[61]).toEqual({ name: 'www-authenticate', value: '' })
})

/** The header block with which nghttp2 answers a client that keeps no table. */
async function encodedByNghttp2(headers: OutgoingHttpHeaders): Promise<Buffer> {
  const server = createServer()
  server.on('stream', (stream) => {
    stream.respond(headers, { endStream: true, sendDate: false } as object)
  })
  const { port } = await listening(server)
  const socket = connectTcp(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const request = Buffer.concat([Buffer.from([0x83, 0x86, 0x84]), literalField(1, 'localhost')])
  socket.write(
    Buffer.concat([
      preface,
      frame(frameType.settings, 0, 0, settingsPayload([[setting.headerTableSize, 0]])),
      frame(frameType.headers, 5, 1, request),
    ]),
  )
  return await new Promise((resolve) => {
    const reader = new FrameReader((type, _flags, _stream, bytes, from, to) => {
      if (type === frameType.headers) resolve(Buffer.from(bytes.subarray(from, to)))
    })
    socket.on('data', (bytes: Buffer) => reader.read(bytes, bytes.length))
  })
}

test('what nghttp2 encodes, with its compression, is read', async () => {
  // every byte that may stand in a value, so that each code is used
  const all = Buffer.from(Array.from({ length: 224 }, (_, at) => at + 32))
    .toString('latin1')
    .replace('\u007f', '')
  const headers = { ':status': 418, 'content-type': 'application/grpc', 'x-all': all.trim(), 'x-empty': '' }
  const bytes = await encodedByNghttp2(headers)
  expect(bytes.length).toBeGreaterThan(0)
  expect(fieldsOf(bytes)).toEqual(
    expect.arrayContaining([
      [':status', '418'],
      ['content-type', 'application/grpc'],
      ['x-all', all.trim()],
      ['x-empty', ''],
    ]),
  )
})

const name = fc.stringMatching(/^[a-z0-9-]{1,40}$/)
const value = fc.string({ unit: 'binary-ascii', maxLength: 300 })

test('fields that are written are read, and by nghttp2 as well', async () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value)), (fields) => {
      const bytes = Buffer.concat(fields.map(([one, text]) => literalField(one, text)))
      expect(fieldsOf(bytes)).toEqual(fields)
    }),
  )
  const server = createServer()
  const seen = Promise.withResolvers<unknown>()
  server.on('stream', (stream, headers) => {
    seen.resolve(headers['x-long'])
    stream.respond({}, { endStream: true })
  })
  const { port } = await listening(server)
  const session = connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => session.destroy())
  const socket = connectTcp(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  const long = 'z'.repeat(5_000)
  const request = Buffer.concat([
    Buffer.from([0x83, 0x86, 0x84]),
    literalField(1, 'localhost'),
    literalField('x-long', long),
  ])
  socket.write(
    Buffer.concat([preface, frame(frameType.settings, 0, 0), frame(frameType.headers, 5, 1, request)]),
  )
  expect(await seen.promise).toBe(long)
})

test.for([0, 1, 126, 127, 128, 254, 255, 256, 16_510, 16_511, 100_000])(
  'the length %i is written as it is read',
  (length) => {
    const room = Buffer.alloc(8)
    const prefix = room.subarray(0, writeLength(room, 0, length))
    const bytes = Buffer.concat([fieldName('a'), prefix, Buffer.alloc(length, 'x')])
    expect(fieldsOf(bytes)).toEqual([['a', 'x'.repeat(length)]])
  },
)

test.for<[what: string, bytes: readonly number[], message: string]>([
  ['index 0', [0x80], 'a reference to entry 0'],
  ['an entry of a dynamic table', [0xbe], 'a reference to entry 62'],
  ['a name of a dynamic table', [0x0f, 0x2f, 1, 97], 'a reference to entry 62'],
  ['a table', [0x3f, 0xe1, 0x1f], 'a dynamic table'],
  ['a change of the table in the middle', [0x88, 0x20], 'a change of the table size inside'],
  ['a number without an end', [0xff, 0xff], 'an end inside a field'],
  ['a number that is too large', [0xff, 255, 255, 255, 255, 255, 255, 1], 'a number that is too large'],
  ['a number that never stops', [0xff, ...Array<number>(20).fill(128)], 'a number that is too large'],
  ['half a name', [0x10, 5, 97], 'an end inside a field'],
  ['no value', [0x10, 1, 97], 'an end inside a field'],
  ['a text that ends with too many bits', [0x10, 1, 97, 0x82, 0x1f, 0xff], 'a text that is not encoded'],
  ['a text that is filled up with zeros', [0x10, 1, 97, 0x81, 0x18], 'a text that is not encoded'],
  [
    'a text with the symbol for its end',
    [0x10, 1, 97, 0x84, 255, 255, 255, 255],
    'a text that is not encoded',
  ],
])('%s is refused', ([, bytes, message]) => {
  expect(() => fieldsOf(Buffer.from(bytes))).toThrow(`a header block with ${message}`)
})

test('more than the limit is refused, wherever it comes from', () => {
  const bytes = block({ a: 'x'.repeat(100), b: 'y' })
  expect(() => fieldsOf(bytes, 165)).toThrow('headers larger than 165 bytes')
  expect(fieldsOf(bytes, 167)).toHaveLength(2)
})

test('whatever a block holds, reading it ends, with fields or with a fault', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        fieldsOf(Buffer.from(bytes))
      } catch (error) {
        expect((error as Error).message).toMatch(/^(a header block with |headers larger)/)
      }
    }),
    { numRuns: 1_000 },
  )
})

test('a damaged block is never read as another one', () => {
  fc.assert(
    fc.property(fc.nat(okBlock.length - 2), (length) => {
      const cut = okBlock.subarray(0, length + 1)
      if (cut.length === 1) expect(fieldsOf(cut)).toEqual([[':status', '200']])
      else expect(() => fieldsOf(cut)).toThrow('an end inside a field')
    }),
  )
})
