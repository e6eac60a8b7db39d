import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('all options have defaults', async () => {
  expect(await parse(driver, {}, 'unary')).toEqual({
    client: 'wire',
    method: 'cloudbench.demo.v1.Library/GetBook',
    includes: [],
    compression: 'none',
    metadata: {},
    expect: { status: 'OK' },
    streams: 10,
    maxMessageBytes: 4_194_304,
    connectTimeoutMs: 10_000,
  })
  expect(await parse(driver, {}, 'stream')).toMatchObject({
    method: 'cloudbench.demo.v1.Library/ExchangeBooks',
    messages: 10,
    lockstep: false,
  })
  expect(await parse(driver, {}, 'json')).toMatchObject({ streams: 1, metadataPrefix: '' })
})

test('a single file needs no list, and a method can start with a slash', async () => {
  expect(
    await parse(driver, { proto: 'a.proto', includes: 'protos', method: '/a.v1.B/C' }, 'unary'),
  ).toMatchObject({
    proto: ['a.proto'],
    includes: ['protos'],
    method: 'a.v1.B/C',
  })
})

test.for([
  ['500ms', 500],
  ['1.5s', 1_500],
])('deadline %s is %i ms', async ([written, deadline]) => {
  expect(await parse(driver, { deadline: written }, 'unary')).toMatchObject({ deadline })
})

test.for([
  ['unary', { metod: 'a.B/C' }, 'did you mean method?'],
  ['unary', { method: 'Get' }, 'is not a method'],
  ['unary', { message: { id: '${uid}' } }, 'there is no generator ${uid}: did you mean ${uuid}?'],
  ['unary', { message: [{ a: { b: ['${int:5}'] } }] }, '${int:5} needs the smallest and the largest number'],
  ['unary', { message: [] }, 'message'],
  ['unary', { metadata: { 'X-Id': 'a' } }, 'lower-case letters'],
  ['unary', { metadata: { 'grpc-timeout': '1S' } }, 'is written by the driver'],
  ['unary', { metadata: { 'x-bin': '?' } }, 'must be base64'],
  ['unary', { metadata: { x: 'a\nb' } }, 'one line'],
  ['unary', { metadata: { x: '${uuidd}' } }, 'did you mean ${uuid}?'],
  ['unary', { deadline: '5 parsecs' }, 'is not a duration'],
  ['unary', { connectTimeoutMs: 0 }, 'must be greater than 0'],
  ['unary', { deadline: 2_000 }, 'needs a unit'],
  ['unary', { maxMessageBytes: 1_000 }, 'needs a unit'],
  ['unary', { expect: { status: 'FINE' } }, 'expect.status'],
  ['unary', { expect: { has: 'x' } }, 'has'],
  ['unary', { streams: 0 }, 'must be greater than 0'],
  ['unary', { messages: 5 }, 'messages'],
  ['unary', { tls: { cert: 'client.pem' } }, 'cert and key belong together'],
  ['json', { jsonUrl: 'grpc://127.0.0.1' }, 'is not an http url'],
  ['json', { metadataPrefix: 'a b' }, 'letters, digits and -'],
  ['stream', { lockstep: 'yes' }, 'lockstep'],
] as const)('%s: %j is refused: %s', async ([workload, options, message]) => {
  await expect(parse(driver, options, workload)).rejects.toThrow(message)
})
