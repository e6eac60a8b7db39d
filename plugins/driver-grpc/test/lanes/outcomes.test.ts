import { constants, type ServerHttp2Stream } from 'node:http2'
import { gzipSync } from 'node:zlib'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { clients } from '../../src/clients.ts'
import driver from '../../src/index.ts'
import { shopFile } from '../servers/grpc.ts'
import { answerWith, framed, okHead, rawServer } from '../servers/raw.ts'

const shop = {
  method: 'shop.v1.Orders/Get',
  proto: shopFile,
  message: { id: 'abc' },
  expect: { echo: { id: 'id' } },
}
/** An order with the id `abc`. */
const order = Buffer.from([10, 3, 97, 98, 99])
const none = Buffer.alloc(0)
const ok = { 'grpc-status': '0' }
const gzip = { 'grpc-encoding': 'gzip' }
const unread = 'an answer is compressed in a way that it does not say, or that is not known'

/** `google.rpc.Status` with the message `quota` and a `google.rpc.ErrorInfo` with the reason `SPENT`. */
const details = Buffer.concat([
  Buffer.from([18, 5]),
  Buffer.from('quota'),
  Buffer.from([26, 51, 10, 40]),
  Buffer.from('type.googleapis.com/google.rpc.ErrorInfo'),
  Buffer.from([18, 7, 10, 5]),
  Buffer.from('SPENT'),
])

const reset =
  (code: number): Answer =>
  (stream) =>
    stream.close(code)
const trailersOnly =
  (headers: Readonly<Record<string, string | number>>): Answer =>
  (stream) =>
    stream.respond({ ...okHead, ...headers }, { endStream: true })
const withBody =
  (
    headers: Readonly<Record<string, string>>,
    body: Buffer,
    trailers: Readonly<Record<string, string>> = ok,
  ): Answer =>
  (stream) =>
    answerWith(stream, headers, body, trailers)

type Answer = (stream: ServerHttp2Stream) => void

describe.each(Object.keys(clients))('%s', (client) => {
  test.for<[what: string, name: string, example: string | undefined, answer: Answer]>([
    ['a message', 'OK', undefined, withBody({}, framed(order))],
    ['a compressed message', 'OK', undefined, withBody(gzip, framed(gzipSync(order), true))],
    [
      'trailers only',
      'NOT_FOUND',
      'NOT_FOUND: no such order',
      trailersOnly({ 'grpc-status': '5', 'grpc-message': 'no%20such order' }),
    ],
    ['OK, trailers only', 'INTERNAL', 'INTERNAL: OK with 0 messages instead of one', trailersOnly(ok)],
    [
      'two messages',
      'INTERNAL',
      'INTERNAL: OK with 2 messages instead of one',
      withBody({}, Buffer.concat([framed(order), framed(order)])),
    ],
    [
      'half a message',
      'INTERNAL',
      'INTERNAL: OK with 0 messages instead of one',
      withBody({}, framed(order).subarray(0, 7)),
    ],
    [
      'an error after a compressed message',
      'INTERNAL',
      'INTERNAL: boom',
      withBody(gzip, framed(gzipSync(order), true), { 'grpc-status': '13', 'grpc-message': 'boom' }),
    ],
    [
      'a damaged compressed message',
      'INTERNAL',
      'INTERNAL: Failed to decompress gzip-encoded message',
      withBody(gzip, framed(Buffer.from('no gzip'), true)),
    ],
    [
      'a small message that inflates',
      'RESOURCE_EXHAUSTED',
      'RESOURCE_EXHAUSTED: Received message that decompresses to a size larger than 4194304',
      withBody(gzip, framed(gzipSync(Buffer.alloc(8_000_000)), true)),
    ],
    [
      'an unknown compression',
      'INTERNAL',
      `INTERNAL: ${unread}`,
      withBody({ 'grpc-encoding': 'zstd' }, framed(order, true)),
    ],
    [
      'a compression that is not named',
      'INTERNAL',
      `INTERNAL: ${unread}`,
      withBody({}, framed(gzipSync(order), true)),
    ],
    [
      'no status',
      'INTERNAL',
      'INTERNAL: Received RST_STREAM with code 0 (Call ended without gRPC status)',
      (stream) => {
        stream.respond(okHead)
        stream.end(framed(order))
      },
    ],
    [
      'a status of its own',
      'UNKNOWN',
      'UNKNOWN: odd',
      withBody({}, none, { 'grpc-status': '99', 'grpc-message': 'odd' }),
    ],
    [
      'details and no message',
      'RESOURCE_EXHAUSTED',
      'RESOURCE_EXHAUSTED: quota (google.rpc.ErrorInfo SPENT)',
      withBody({}, none, { 'grpc-status': '8', 'grpc-status-details-bin': details.toString('base64') }),
    ],
    [
      'details that are not',
      'RESOURCE_EXHAUSTED',
      'RESOURCE_EXHAUSTED: full',
      withBody({}, none, { 'grpc-status': '8', 'grpc-message': 'full', 'grpc-status-details-bin': 'AAAA' }),
    ],
    [
      'HTTP 503',
      'UNAVAILABLE',
      'UNAVAILABLE: Received HTTP status code 503',
      (stream) => {
        stream.respond({ ':status': 503 })
        stream.end('<html>busy')
      },
    ],
    ['RST_STREAM CANCEL', 'CANCELLED', 'CANCELLED: Call cancelled', reset(constants.NGHTTP2_CANCEL)],
    [
      'RST_STREAM INTERNAL_ERROR',
      'INTERNAL',
      'INTERNAL: Received RST_STREAM with code 2 (Internal server error)',
      reset(constants.NGHTTP2_INTERNAL_ERROR),
    ],
    [
      'RST_STREAM REFUSED_STREAM',
      'UNAVAILABLE',
      'UNAVAILABLE: Stream refused by server',
      reset(constants.NGHTTP2_REFUSED_STREAM),
    ],
    [
      'RST_STREAM ENHANCE_YOUR_CALM',
      'RESOURCE_EXHAUSTED',
      'RESOURCE_EXHAUSTED: Bandwidth exhausted or memory limit exceeded',
      reset(constants.NGHTTP2_ENHANCE_YOUR_CALM),
    ],
  ])('%s ends the call as %s, and the connection stays', async ([what, name, example, answer]) => {
    // a stub of grpc-js never says how a call ended that has two messages
    if (client === 'grpc-js' && what === 'two messages') return
    const server = await rawServer(answer)
    const flow = openFlow(driver, server.target, { ...shop, client })
    const connection = await flow.open()
    for (let index = 0; index < 3; index++)
      expect(await flow.send(connection, index)).toMatchObject({
        name,
        ok: name === 'OK',
        ...(example !== undefined && { example }),
      })
    expect(flow.sockets).toEqual({ opened: 1, open: 1 })
    expect(server.accepted).toBe(1)
  })
})
