import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RequestHead } from '../../../src/lanes/wire/request-head.ts'
import { Session } from '../../../src/lanes/wire/session.ts'
import { WireCall } from '../../../src/lanes/wire/wire-call.ts'
import {
  flag,
  frame,
  frameType,
  setting,
  settingsPayload,
  uint32Payload,
} from '../../../src/wire/http2/frames.ts'
import { answerTo, block, data, headers, okBlock, okTrailers } from '../../servers/frames.ts'
import { framed } from '../../servers/raw.ts'

const noCall = { index: 0, random: () => 0 }
const calls = 6

/** A session with calls in flight, and what happens to them. */
function conversation(): {
  readonly heard: string[][]
  read(bytes: Buffer): void
  close(): void
  readonly failure: Error | undefined
} {
  let out = Buffer.alloc(4_096)
  const pipe = {
    get out() {
      return out
    },
    reserve(bytes: number): number {
      if (bytes > out.length) out = Buffer.alloc(bytes)
      return 0
    },
    write() {},
    end() {},
  }
  const session = new Session(pipe, {
    streams: calls,
    receiveWindowBytes: 70_000,
    onSettled() {},
    onLost() {},
  })
  const path = '/shop.v1.Orders/Get'
  const given = {
    isTls: false,
    path,
    authority: 'a',
    metadata: {},
    deadlineMs: undefined,
    compression: 'none',
  } as const
  const lane = {
    session,
    head: new RequestHead(given),
    compresses: false,
    limitBytes: 100_000,
    keepsMessages: true,
    deadlineMs: undefined,
    noteDeadline() {},
  }
  session.start()
  const heard = Array.from({ length: calls }, (): string[] => [])
  for (const log of heard) {
    const call = new WireCall(lane, {
      onRoom() {},
      onMessage: (bytes, message) => void log.push(`message ${bytes} ${message!.toString('hex')}`),
      onEnd: (code, details) => void log.push(`end ${code} ${details}`),
      onLost: (_error, hasLeft) => void log.push(`lost ${hasLeft}`),
    })
    call.start(noCall, Buffer.alloc(20_000), true)
  }
  const shared = Buffer.alloc(said.length + 64)
  return {
    heard,
    read(bytes) {
      shared.fill(0xee)
      bytes.copy(shared)
      session.read(shared, bytes.length)
    },
    close: () => session.closed(new Error('closed')),
    get failure() {
      return session.failure
    },
  }
}

const isEnd = flag.endHeaders | flag.endStream

/** All kinds of frames, and answers of all kinds. */
const said = Buffer.concat([
  frame(
    frameType.settings,
    0,
    0,
    settingsPayload([
      [setting.maxConcurrentStreams, 5],
      [setting.initialWindowSize, 90_000],
    ]),
  ),
  frame(frameType.settings, flag.ack, 0),
  frame(frameType.windowUpdate, 0, 0, uint32Payload(1_000_000)),
  answerTo(1, framed(Buffer.from('one'))),
  frame(frameType.ping, 0, 0, Buffer.alloc(8)),
  headers(3, okBlock.subarray(0, 4), 0),
  frame(frameType.continuation, flag.endHeaders, 3, okBlock.subarray(4)),
  data(3, framed(Buffer.alloc(30_000, 1)).subarray(0, 16_000)),
  data(5, Buffer.alloc(0)),
  data(3, framed(Buffer.alloc(30_000, 1)).subarray(16_000)),
  frame(frameType.rstStream, 0, 7, uint32Payload(2)),
  headers(3, okTrailers, isEnd),
  headers(
    9,
    block({
      ':status': '200',
      'content-type': 'application/grpc',
      'grpc-status': '5',
      'grpc-message': 'a%20b',
    }),
    isEnd,
  ),
  headers(11, block({ ':status': '503' }), isEnd),
  frame(frameType.goAway, 0, 0, Buffer.concat([uint32Payload(11), uint32Payload(0)])),
])

test('a conversation is the same wherever it is cut', () => {
  const whole = conversation()
  whole.read(said)
  expect(whole.heard.map((log) => log.at(-1))).toEqual([
    'end 0 ',
    'end 0 ',
    'end 13 the server breaks HTTP/2: data before a head',
    'end 13 Received RST_STREAM with code 2 (Internal server error)',
    'end 5 a b',
    'end 14 Received HTTP status code 503',
  ])
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }), (cuts) => {
      const talk = conversation()
      for (let at = 0, cut = 0; at < said.length; cut++) {
        const size = cuts[cut % cuts.length]! * (cut % 5 === 0 ? 300 : 1)
        talk.read(said.subarray(at, at + size))
        at += size
      }
      expect(talk.heard).toEqual(whole.heard)
      expect(talk.failure?.message).toBe(whole.failure?.message)
    }),
  )
})

test('whatever is changed in it, nothing is thrown, and every call ends once', () => {
  const change = fc.record({ at: fc.nat(said.length - 1), byte: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 6 }), fc.nat(said.length), (changes, cut) => {
      const bytes = Buffer.from(said)
      for (const { at, byte } of changes) bytes[at] = byte
      const { heard, read, close } = conversation()
      read(bytes.subarray(0, cut))
      read(bytes.subarray(cut))
      close()
      for (const log of heard) expect(log.filter((one) => /^(end|lost)/.test(one))).toHaveLength(1)
    }),
    { numRuns: 1_000 },
  )
})

test('noise is no conversation', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 9, maxLength: 400 }), (noise) => {
      const { heard, read, close } = conversation()
      read(Buffer.from(noise))
      close()
      for (const log of heard) expect(log).toHaveLength(1)
    }),
    { numRuns: 500 },
  )
})
