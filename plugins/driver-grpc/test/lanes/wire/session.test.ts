import type { Connection } from '@cloudbench/core'
import { callOf, openFlow, type Flow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../../src/index.ts'
import { errorCode } from '../../../src/wire/http2/fault.ts'
import { literalField } from '../../../src/wire/http2/field-writer.ts'
import {
  flag,
  frame,
  frameType,
  setting,
  settingsPayload,
  uint32Payload,
} from '../../../src/wire/http2/frames.ts'
import {
  answerTo,
  block,
  data,
  frameServer,
  headers,
  okBlock,
  okTrailers,
  type FrameServer,
  type FrameServerOptions,
  type SentFrame,
} from '../../servers/frames.ts'
import { shopFile, until } from '../../servers/grpc.ts'
import { framed } from '../../servers/raw.ts'

// every rule of HTTP/2 that a server can keep or break, by hand-made frames.

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: 'abc' } }
/** An order with the id `abc`. */
const order = framed(Buffer.from([10, 3, 97, 98, 99]))
const isEnd = flag.endHeaders | flag.endStream

interface Opened {
  readonly server: FrameServer
  readonly flow: Flow
  readonly connection: Connection
}

async function opened(served: FrameServerOptions, options: object = {}): Promise<Opened> {
  const server = await frameServer(served)
  const flow = openFlow(driver, server.target, { ...shop, ...options })
  return { server, flow, connection: await flow.open() }
}

/** How a call ended: as an outcome with its example, failed, or given back. */
function ending(connection: Connection, index = 0): Promise<string> {
  return new Promise((resolve) => {
    connection.issue!({
      ...callOf(index),
      answered() {},
      done: ({ name, example }) => resolve(example ?? name),
      fail: (error) => resolve(`failed: ${(error as Error).message}`),
      unsent: (error) => resolve(`unsent: ${(error as Error).message}`),
    })
  })
}

const settings = (...values: Parameters<typeof settingsPayload>[0][number][]): Buffer =>
  frame(frameType.settings, 0, 0, settingsPayload(values))
const windowUpdate = (stream: number, bytes: number): Buffer =>
  frame(frameType.windowUpdate, 0, stream, uint32Payload(bytes))
const goAway = (last: number, code = 0, debug = ''): Buffer =>
  frame(frameType.goAway, 0, 0, Buffer.concat([uint32Payload(last), uint32Payload(code), Buffer.from(debug)]))

/** Data of a stream that the server has got so far. */
const received = ({ sent }: FrameServer, stream: number): number =>
  sent.reduce(
    (sum, one) => sum + (one.type === frameType.data && one.stream === stream ? one.payload.length : 0),
    0,
  )

describe('what a server may say', () => {
  const padded = (payload: Buffer, padding: number): Buffer =>
    Buffer.concat([Buffer.from([padding]), payload, Buffer.alloc(padding)])

  test.for<[what: string, answer: (stream: number) => readonly Buffer[]]>([
    ['in one piece', (stream) => [answerTo(stream, order)]],
    [
      'a message over several frames',
      (stream) => [
        headers(stream, okBlock),
        ...Array.from(order, (_, at) => data(stream, order.subarray(at, at + 1))),
        headers(stream, okTrailers, isEnd),
      ],
    ],
    [
      'padding',
      (stream) => [
        frame(frameType.headers, flag.endHeaders | flag.padded, stream, padded(okBlock, 7)),
        frame(frameType.data, flag.padded, stream, padded(order, 255)),
        frame(frameType.headers, isEnd | flag.padded, stream, padded(okTrailers, 0)),
      ],
    ],
    [
      'a priority in its head',
      (stream) => [
        frame(
          frameType.headers,
          flag.endHeaders | flag.priority,
          stream,
          Buffer.concat([Buffer.alloc(5), okBlock]),
        ),
        data(stream, order),
        headers(stream, okTrailers, isEnd),
      ],
    ],
    [
      'a head with continuations',
      (stream) => [
        headers(stream, okBlock.subarray(0, 1), 0),
        frame(frameType.continuation, 0, stream, okBlock.subarray(1, 4)),
        frame(frameType.continuation, flag.endHeaders, stream, okBlock.subarray(4)),
        data(stream, order),
        headers(stream, okTrailers.subarray(0, 3), flag.endStream),
        frame(frameType.continuation, flag.endHeaders, stream, okTrailers.subarray(3)),
      ],
    ],
    [
      'an interim head',
      (stream) => [headers(stream, block({ ':status': '103', link: '</a>' })), answerTo(stream, order)],
    ],
    [
      'frames that are of no interest',
      (stream) => [
        frame(frameType.priority, 0, stream, Buffer.alloc(5)),
        frame(99, 255, stream, Buffer.alloc(100)),
        frame(98, 0, 0),
        data(stream - 2, order),
        answerTo(stream, order),
        frame(frameType.rstStream, 0, stream, uint32Payload(0)),
        windowUpdate(stream, 5),
      ],
    ],
    [
      'a change of the table size to nothing',
      (stream) => [
        headers(stream, Buffer.concat([Buffer.from([0x20]), okBlock])),
        data(stream, order),
        headers(stream, okTrailers, isEnd),
      ],
    ],
    ['a message without any bytes', (stream) => [answerTo(stream, framed(Buffer.alloc(0)))]],
  ])('%s is read', async ([, answer]) => {
    const { connection } = await opened({ onCall: (to, stream) => to.write(...answer(stream)) })
    for (let call = 0; call < 3; call++) expect(await ending(connection)).toBe('OK')
  })

  test('a ping is answered, and the answer to one of ours is not', async () => {
    const { server } = await opened({})
    const ping = Buffer.from('01234567')
    server.write(frame(frameType.ping, flag.ack, 0, ping), frame(frameType.ping, 0, 0, ping))
    await until(() => server.sent.some(({ type }) => type === frameType.ping))
    expect(server.sent.filter(({ type }) => type === frameType.ping)).toEqual([
      { type: frameType.ping, flags: flag.ack, stream: 0, payload: ping },
    ])
  })

  test('settings are acknowledged, and tell the server to keep no table and not to push', async () => {
    const { server } = await opened({})
    await until(() =>
      server.sent.some(({ type, flags }) => type === frameType.settings && flags === flag.ack),
    )
    const { payload } = server.sent[0]!
    const said = Array.from({ length: payload.length / 6 }, (_, at) => [
      payload.readUInt16BE(at * 6),
      payload.readUInt32BE(at * 6 + 2),
    ])
    expect(said).toContainEqual([setting.headerTableSize, 0])
    expect(said).toContainEqual([setting.enablePush, 0])
  })
})

describe('what a server may not say', () => {
  const broken = 'failed: the server breaks HTTP/2: '

  test.for<[what: string, answer: (stream: number) => readonly Buffer[], code: number]>([
    ['a frame of 20000 bytes', (stream) => [data(stream, Buffer.alloc(20_000))], errorCode.frameSize],
    ['a frame of stream 999, which was not opened', () => [headers(999, okBlock)], errorCode.protocol],
    ['a frame of stream 2, which was not opened', () => [data(2, order)], errorCode.protocol],
    ['a frame of stream 0, which was not opened', () => [data(0, order)], errorCode.protocol],
    [
      'a push, which it was told not to make',
      (stream) => [
        frame(frameType.pushPromise, flag.endHeaders, stream, Buffer.concat([uint32Payload(2), okBlock])),
      ],
      errorCode.protocol,
    ],
    [
      'a frame of type 0 inside a header block',
      (stream) => [headers(stream, okBlock, 0), data(stream, order)],
      errorCode.protocol,
    ],
    [
      'the continuation of a header block that was not begun',
      (stream) => [frame(frameType.continuation, flag.endHeaders, stream, okBlock)],
      errorCode.protocol,
    ],
    [
      'a header block of more than 65536 bytes',
      (stream) => [
        headers(stream, okBlock, 0),
        ...Array.from({ length: 5 }, () => frame(frameType.continuation, 0, stream, Buffer.alloc(16_000))),
      ],
      errorCode.enhanceYourCalm,
    ],
    [
      'a header block with a reference to entry 62',
      (stream) => [headers(stream, Buffer.from([0xbe]))],
      errorCode.compression,
    ],
    [
      'a header block with a dynamic table',
      (stream) => [headers(stream, Buffer.concat([Buffer.from([0x3f, 0xe1, 0x1f]), okBlock]))],
      errorCode.compression,
    ],
    [
      'a header block with an end inside a field',
      (stream) => [headers(stream, okBlock.subarray(0, -3))],
      errorCode.compression,
    ],
    [
      'a frame with more padding than it is long',
      (stream) => [frame(frameType.data, flag.padded, stream, Buffer.from([9, 0, 0]))],
      errorCode.protocol,
    ],
    [
      'a frame of type 6 with 7 bytes',
      () => [frame(frameType.ping, 0, 0, Buffer.alloc(7))],
      errorCode.frameSize,
    ],
    [
      'a frame of type 6 that names stream 3',
      () => [frame(frameType.ping, 0, 3, Buffer.alloc(8))],
      errorCode.protocol,
    ],
    [
      'a frame of type 4 with 7 bytes',
      () => [frame(frameType.settings, 0, 0, Buffer.alloc(7))],
      errorCode.frameSize,
    ],
    [
      'a frame of type 3 with 5 bytes',
      (stream) => [frame(frameType.rstStream, 0, stream, Buffer.alloc(5))],
      errorCode.frameSize,
    ],
    [
      'a frame of type 7 with 4 bytes',
      () => [frame(frameType.goAway, 0, 0, Buffer.alloc(4))],
      errorCode.frameSize,
    ],
    [
      'a frame of type 8 with 3 bytes',
      () => [frame(frameType.windowUpdate, 0, 0, Buffer.alloc(3))],
      errorCode.frameSize,
    ],
    ['a window that grows by nothing', () => [windowUpdate(0, 0)], errorCode.protocol],
    ['a window that is too large', () => [windowUpdate(0, 2 ** 31 - 1)], errorCode.flowControl],
    [
      'a window that is too large',
      () => [settings([setting.initialWindowSize, 2 ** 31])],
      errorCode.flowControl,
    ],
    ['a frame limit of 100', () => [settings([setting.maxFrameSize, 100])], errorCode.protocol],
    ['a setting for pushes of 1', () => [settings([setting.enablePush, 1])], errorCode.protocol],
    [
      '10000 frames in a row that are no answer',
      () => Array.from({ length: 10_000 }, () => frame(frameType.ping, 0, 0, Buffer.alloc(8))),
      errorCode.enhanceYourCalm,
    ],
    [
      '10000 frames in a row that are no answer',
      (stream) => [
        headers(stream, okBlock),
        ...Array.from({ length: 10_001 }, () => data(stream, Buffer.alloc(0))),
      ],
      errorCode.enhanceYourCalm,
    ],
  ])('%s ends the connection', async ([what, answer, code]) => {
    const { server, flow, connection } = await opened({
      onCall: (to, stream) => to.write(...answer(stream)),
    })
    expect(await ending(connection)).toContain(broken + what)
    await flow.lost(connection)
    await until(() => server.sent.at(-1)?.type === frameType.goAway)
    expect(server.sent.at(-1)!.payload.readUInt32BE(4)).toBe(code)
  })

  test.for<[what: string, example: string, answer: (stream: number) => readonly Buffer[]]>([
    [
      'headers that are too large',
      'RESOURCE_EXHAUSTED: the server breaks HTTP/2: headers larger than 65536 bytes',
      (stream) => [
        headers(
          stream,
          Buffer.concat([okBlock, ...Array.from({ length: 2_000 }, () => literalField('a', 'b'))]),
        ),
      ],
    ],
    [
      'a field of HTTP/1',
      'INTERNAL: the server breaks HTTP/2: an answer with a field "connection"',
      (stream) => [headers(stream, Buffer.concat([okBlock, literalField('connection', 'close')]))],
    ],
    [
      'a name in capitals',
      'INTERNAL: the server breaks HTTP/2: an answer with a field "Server"',
      (stream) => [headers(stream, Buffer.concat([okBlock, literalField('Server', 'x')]))],
    ],
    [
      'no status',
      'INTERNAL: the server breaks HTTP/2: an answer with no status',
      (stream) => [headers(stream, block({ 'content-type': 'application/grpc' }))],
    ],
    [
      'a status in trailers',
      'INTERNAL: the server breaks HTTP/2: an answer with ":status" where it is not allowed',
      (stream) => [headers(stream, okBlock), headers(stream, okBlock, isEnd)],
    ],
    [
      'data before a head',
      'INTERNAL: the server breaks HTTP/2: data before a head',
      (stream) => [data(stream, order)],
    ],
    [
      'trailers that are not the end',
      'INTERNAL: the server breaks HTTP/2: trailers that are not the end',
      (stream) => [headers(stream, okBlock), headers(stream, okTrailers)],
    ],
    [
      'a window of a stream that is too large',
      'INTERNAL: the server breaks HTTP/2: a window that is too large',
      (stream) => [windowUpdate(stream, 2 ** 31 - 1)],
    ],
    [
      'a window of a stream that grows by nothing',
      'INTERNAL: the server breaks HTTP/2: a window that grows by nothing',
      (stream) => [windowUpdate(stream, 0)],
    ],
    [
      'a page that is no gRPC',
      'UNKNOWN: Received HTTP status code 200 with content-type text/html, which is not gRPC',
      (stream) => [
        headers(stream, block({ ':status': '200', 'content-type': 'text/html' })),
        data(stream, Buffer.from('<html>'), flag.endStream),
      ],
    ],
    [
      'a message with an unknown flag',
      'INTERNAL: a message with the flag 7, which does not exist',
      (stream) => [headers(stream, okBlock), data(stream, Buffer.from([7, 0, 0, 0, 0]))],
    ],
    [
      'a message that claims to be huge',
      'RESOURCE_EXHAUSTED: Received message larger than max (4294967295 vs 4194304)',
      (stream) => [headers(stream, okBlock), data(stream, Buffer.from([0, 255, 255, 255, 255]))],
    ],
  ])('%s ends the call only', async ([, example, answer]) => {
    const { server, connection } = await opened({
      onCall: (to, stream) => to.write(...(stream === 5 ? [answerTo(stream, order)] : answer(stream))),
    })
    expect(await ending(connection)).toBe(example)
    expect(await ending(connection)).toBe('OK')
    expect(server.sent.some(({ type }) => type === frameType.goAway)).toBe(false)
  })
})

describe('what a server makes room for', () => {
  const large = { ...shop, message: { lines: ['x'.repeat(100_000)] } }
  /** The message with its prefix: the field has a tag and a length of three bytes. */
  const bytes = 100_000 + 1 + 3 + 5
  /** Of the connection, after the question for its health. */
  const windowBytes = 65_535 - 5

  test('a large message leaves as far as the windows of the connection and of its stream go', async () => {
    const { server, connection } = await opened({}, large)
    const end = ending(connection)
    await until(() => received(server, 3) === windowBytes)
    // room on one of the two is none
    server.write(windowUpdate(0, 1_000_000))
    await until(() => received(server, 3) === 65_535)
    server.write(windowUpdate(3, 10))
    await until(() => received(server, 3) === 65_545)
    server.write(windowUpdate(3, 1_000_000))
    await until(() => received(server, 3) === bytes)
    server.write(answerTo(3, order))
    expect(await end).toBe('OK')
    expect(
      server.sent.filter(({ type, flags }) => type === frameType.data && flags === flag.endStream),
    ).toHaveLength(2)
  })

  test('calls share the window of the connection, and go on in turn', async () => {
    const { server, connection } = await opened(
      { settings: [[setting.initialWindowSize, 2 ** 31 - 1]] },
      large,
    )
    const ends = [ending(connection), ending(connection)]
    await until(() => received(server, 3) === windowBytes)
    expect(received(server, 5)).toBe(0)
    server.write(windowUpdate(0, bytes * 2))
    await until(() => received(server, 3) === bytes && received(server, 5) === bytes)
    server.write(answerTo(3, order), answerTo(5, order))
    expect(await Promise.all(ends)).toEqual(['OK', 'OK'])
  })

  test('a window that settings take back may be less than nothing, and grows again', async () => {
    const { server, connection } = await opened({}, large)
    const end = ending(connection)
    await until(() => received(server, 3) === windowBytes)
    server.write(settings([setting.initialWindowSize, 0]), windowUpdate(0, 1_000_000))
    // they are owed: what comes first pays them back
    server.write(windowUpdate(3, windowBytes))
    server.write(frame(frameType.ping, 0, 0, Buffer.alloc(8)))
    await until(() => server.sent.some(({ type }) => type === frameType.ping))
    expect(received(server, 3)).toBe(windowBytes)
    server.write(windowUpdate(3, 1))
    await until(() => received(server, 3) === windowBytes + 1)
    server.write(settings([setting.initialWindowSize, 1_000_000]))
    await until(() => received(server, 3) === bytes)
    server.write(answerTo(3, order))
    expect(await end).toBe('OK')
  })

  test.for([
    [16_384, 16_384],
    [50_000, 50_000],
  ])('with a frame limit of %i, no frame is longer', async ([limit, longest]) => {
    const { server, connection } = await opened(
      {
        settings: [[setting.maxFrameSize, limit!]],
        onFrame: (to, one) =>
          void (
            one.type === 0 &&
            one.stream > 1 &&
            to.write(
              windowUpdate(0, one.payload.length || 1),
              windowUpdate(one.stream, one.payload.length || 1),
            )
          ),
      },
      large,
    )
    void ending(connection)
    await until(() => received(server, 3) === bytes)
    const lengths = server.sent
      .filter(({ type, stream }) => type === frameType.data && stream === 3)
      .map(({ payload }) => payload.length)
    expect(Math.max(...lengths)).toBe(longest)
  })

  test('a head that is longer than a frame may be leaves in several', async () => {
    const metadata = { 'x-long': 'y'.repeat(40_000), 'x-made': '${index}' }
    const { server, connection } = await opened({ onCall: () => {} }, { metadata })
    void ending(connection, 77)
    const parts = (): readonly SentFrame[] =>
      server.sent.filter(
        ({ type, stream }) => stream === 3 && (type === frameType.headers || type === frameType.continuation),
      )
    await until(() => parts().at(-1)?.flags === flag.endHeaders)
    expect(parts().map(({ type }) => type)).toEqual([1, 9, 9])
    const whole = Buffer.concat(parts().map(({ payload }) => payload)).toString('latin1')
    expect(whole).toContain('y'.repeat(40_000))
    expect(whole).toContain('x-made\u000277')
  })

  test('no more calls are open than it allows; the others wait for a stream', async () => {
    const heads = ({ sent }: FrameServer): number[] =>
      sent.filter(({ type, stream }) => type === frameType.headers && stream > 1).map(({ stream }) => stream)
    const { server, connection } = await opened(
      { settings: [[setting.maxConcurrentStreams, 2]] },
      { metadata: { 'x-made': 'call ${index}' } },
    )
    const ends = Array.from({ length: 5 }, (_, index) => ending(connection, index))
    await until(() => heads(server).length === 2)
    server.write(answerTo(5, order))
    await until(() => heads(server).length === 3)
    server.write(settings([setting.maxConcurrentStreams, 100]))
    await until(() => heads(server).length === 5)
    expect(heads(server)).toEqual([3, 5, 7, 9, 11])
    // each with the metadata of its own request
    for (const [index, stream] of heads(server).entries())
      expect(
        server.sent.find((one) => one.type === 1 && one.stream === stream)!.payload.toString('latin1'),
      ).toContain(`call ${index}`)
    for (const stream of [3, 7, 9, 11]) server.write(answerTo(stream, order))
    expect(await Promise.all(ends)).toEqual(Array(5).fill('OK'))
  })

  test('a call that waits for a stream ends by its deadline too', async () => {
    const { server, connection } = await opened(
      { settings: [[setting.maxConcurrentStreams, 1]] },
      { deadline: '50ms' },
    )
    const ends = [ending(connection), ending(connection)]
    expect(await Promise.all(ends)).toEqual(Array(2).fill('DEADLINE_EXCEEDED: Deadline exceeded'))
    await until(() => server.sent.some(({ type }) => type === frameType.rstStream))
    const reset = server.sent.find(({ type }) => type === frameType.rstStream)!
    expect([reset.stream, reset.payload.readUInt32BE()]).toEqual([3, errorCode.cancel])
    // what still comes of it is of no interest
    server.write(answerTo(3, order), frame(frameType.ping, 0, 0, Buffer.alloc(8)))
    await until(() => server.sent.some(({ type }) => type === frameType.ping))
    // the stream that became free was not taken by the call that was due as well
    expect(server.sent.filter(({ type }) => type === frameType.headers)).toHaveLength(2)
  })
})

describe('a server that leaves', () => {
  test('answers what it has taken, and the rest goes back to the host', async () => {
    const { server, flow, connection } = await opened({ onCall() {} })
    const ends = Array.from({ length: 4 }, (_, index) => ending(connection, index))
    await until(() => server.sent.filter(({ type }) => type === frameType.headers).length === 5)
    // first for all that may still come, as grpc-go does, and then for good
    server.write(goAway(2 ** 31 - 1), frame(frameType.ping, 0, 0, Buffer.alloc(8)))
    await until(() => server.sent.some(({ type }) => type === frameType.ping))
    const late = ending(connection, 4)
    server.write(goAway(5), frame(frameType.rstStream, 0, 5, uint32Payload(errorCode.refusedStream)))
    server.write(answerTo(3, order))
    const gone = 'unsent: the server left the connection (GOAWAY)'
    expect(await Promise.all([...ends, late])).toEqual(['OK', gone, gone, gone, gone])
    await flow.lost(connection)
    expect(server.sent.filter(({ type, stream }) => type === frameType.headers && stream > 9)).toEqual([])
  })

  test('says why', async () => {
    const { server, connection } = await opened({
      onCall: (to, stream) => {
        to.write(goAway(stream, errorCode.enhanceYourCalm, 'too_many_pings'))
        to.end()
      },
    })
    expect(await ending(connection)).toBe(
      'failed: the server left the connection (GOAWAY: error 11, too_many_pings)',
    )
    expect(server.sent.at(-1)).toBeDefined()
  })

  test('without calls, it is left at once', async () => {
    const { server, flow, connection } = await opened({})
    server.write(goAway(1))
    await flow.lost(connection)
    await until(() => flow.sockets.open === 0)
    expect(await ending(connection)).toBe('unsent: the server left the connection (GOAWAY)')
  })
})
