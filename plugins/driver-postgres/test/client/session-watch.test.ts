import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSessionWatch, type SessionWatch } from '../../src/client/session-watch.ts'
import { reply } from '../../src/loopback/wire.ts'
import { error, message, readInPieces } from '../wire/server-messages.ts'

const int32 = (value: number): string => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes.toString('latin1')
}
const watchOf = (password: string | undefined = 'S3cret'): SessionWatch =>
  createSessionWatch(password, 1_000_000)

const farewell = error('57P01', 'terminating connection', 'FATAL')
const session = Buffer.concat([
  reply.greeting,
  reply.ready(false),
  reply.bound,
  reply.row(['1']),
  reply.complete('SELECT 1'),
  reply.error('23514', 'no'),
  reply.ready(false),
])

test('it knows the process of the server, and what it says last, however that is cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 8 }), (sizes) => {
      const watch = watchOf()
      const read = (shared: Buffer, length: number): void => watch.read(shared.subarray(0, length))
      readInPieces(read, Buffer.concat([session, farewell]), sizes)
      expect(watch.processID()).toBe(1)
      expect(watch.farewell()).toMatchObject({ code: '57P01', message: 'terminating connection' })
    }),
  )
})

test('an error of a statement is no farewell, and a session without a key has no process', () => {
  const watch = watchOf()
  watch.read(session.subarray(session.indexOf('K') + 13))
  expect([watch.processID(), watch.farewell()]).toEqual([null, undefined])
})

test.each([
  ['a letter that is none', message('!', '')],
  ['COPY, which postgres.js would wait for', message('H', '\0\0\0')],
  ['a portal that is suspended', message('s', '')],
  ['a length that cannot be', Buffer.from('Z\0\0\0\u0001I')],
  ['more than was asked for', Buffer.from('D\u007f\u00ff\u00ff\u00ff', 'latin1')],
  ['an authentication that postgres.js does not have', message('R', int32(7))],
  ['an authentication that is cut off', message('R', 'x')],
  ['a challenge without salt', message('R', `${int32(11)}r=abc,i=4096`)],
  ['a challenge that takes hours', message('R', `${int32(11)}r=abc,s=c2FsdA==,i=2000000000`)],
])('%s is not the protocol', (_, bytes) => {
  expect(() => watchOf().read(bytes)).toThrow(expect.objectContaining({ code: 'INVALID_RESPONSE' }) as Error)
})

test('a challenge of SCRAM is one, with a password', () => {
  const steps = [
    message('R', `${int32(10)}SCRAM-SHA-256\0\0`),
    message('R', `${int32(11)}r=abc,s=c2FsdA==,i=4096`),
    message('R', `${int32(12)}v=abc`),
    message('R', int32(0)),
  ]
  watchOf().read(Buffer.concat(steps))
  const withoutPassword = createSessionWatch(undefined, 1_000)
  expect(() => withoutPassword.read(steps[0]!)).toThrow(/asks for a password/)
})
