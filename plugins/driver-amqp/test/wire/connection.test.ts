import fc from 'fast-check'
import rhea from 'rhea'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { WireConnection } from '../../src/wire/connection.ts'
import { frameOf, protocolHeaders, types } from '../../src/wire/frame.ts'
import { Inlet, Receiving } from '../../src/wire/receiving.ts'
import { Sending } from '../../src/wire/sending.ts'
import { layOut } from '../../src/wire/transfer.ts'
import { cut, frames, MemoryOutput, peerFrame, saslFrame } from '../fixtures/wire.ts'

function setUp() {
  const output = new MemoryOutput()
  const ends: unknown[] = []
  const introduction = {
    containerId: 'c',
    hostname: 'h',
    idleTimeOutMs: 5_000,
    mechanism: { name: 'PLAIN', response: Buffer.from('\0user\0word') },
  }
  const connection = new WireConnection(output, introduction, (cause) => void ends.push(cause))
  const { session, links } = connection
  const log: string[] = []
  connection.receiving = new Receiving(output, session, {
    message: (_, { bytes, start, end }) => void log.push(`received ${bytes.toString('hex', start, end)}`),
  })
  const body = Buffer.alloc(40)
  const transfer = layOut({
    handle: 1,
    isSettled: false,
    isDurable: false,
    isTraced: false,
    body,
    changing: 32,
    largestFrame: 512,
  })
  connection.sending = new Sending(output, session, { handle: 1, transfer, isSettled: false })
  const request = { address: 'q', capability: undefined, isPresettled: false }
  const receiver = links.add({ ...request, name: 'in', handle: 0, isReceiver: true }, new Inlet(0, 0, 0))
  const sender = links.add({ ...request, name: 'out', handle: 1, isReceiver: false })
  for (let number = 0; number < 4; number++)
    connection.sending.send({
      number,
      index: 0,
      sequence: 1,
      sentMs: 0,
      left() {},
      accepted: () => void log.push(`accepted ${number}`),
      refused: ({ name, reason }) => void log.push(`${name} ${number}: ${reason}`),
    })
  return { output, connection, ends, log, receiver, sender }
}

const data = (text: string): Buffer =>
  rhea.message.encode({ body: rhea.message.data_section(Buffer.from(text)), durable: true })
const state = (outcome: { described(): unknown }): unknown => outcome.described()
const { accepted, rejected, modified } = rhea.message as never as Record<
  string,
  (fields?: object) => { described(): unknown }
>
const sourceOf = { source: rhea.types.described(rhea.types.wrap_ulong(0x28), rhea.types.wrap_list([])) }
const targetOf = { target: rhea.types.described(rhea.types.wrap_ulong(0x29), rhea.types.wrap_list([])) }

const greeting = [
  protocolHeaders.sasl,
  saslFrame('sasl_mechanisms', { sasl_server_mechanisms: ['ANONYMOUS', 'PLAIN'] }),
  saslFrame('sasl_outcome', { code: 0 }),
  protocolHeaders.amqp,
  peerFrame('open', { container_id: 'b', max_frame_size: 4_096, properties: { product: 'RabbitMQ' } }),
  peerFrame('begin', { remote_channel: 0, next_outgoing_id: 4, incoming_window: 10, outgoing_window: 10 }),
  peerFrame('attach', { name: 'in', handle: 5, role: false, initial_delivery_count: 0, ...sourceOf }),
  peerFrame('attach', { name: 'out', handle: 6, role: true, ...targetOf }),
]
const flow = { incoming_window: 10, next_outgoing_id: 4, outgoing_window: 10 }
const traffic = [
  peerFrame('flow', { ...flow, next_incoming_id: 0, handle: 6, delivery_count: 0, link_credit: 100 }),
  frameOf(types.amqp),
  peerFrame('transfer', { handle: 5, delivery_id: 0, delivery_tag: Buffer.from('t') }, data('one')),
  peerFrame('disposition', { role: true, first: 0, last: 1, settled: true, state: state(accepted!()) }),
  peerFrame('transfer', { handle: 5, delivery_id: 1, more: true }, data('two').subarray(0, 9)),
  peerFrame('transfer', { handle: 5 }, data('two').subarray(9)),
  peerFrame('disposition', {
    role: true,
    first: 3,
    settled: false,
    state: state(rejected!({ error: { condition: 'amqp:not-allowed', description: 'full' } })),
  }),
  peerFrame('disposition', {
    role: true,
    first: 2,
    settled: true,
    state: state(modified!({ delivery_failed: true })),
  }),
]
const transcript = Buffer.concat([...greeting, ...traffic])
const expected = [
  `received ${Buffer.from('one').toString('hex')}`,
  'accepted 0',
  'accepted 1',
  `received ${Buffer.from('two').toString('hex')}`,
  'amqp:not-allowed 3: full',
  'modified 2: delivery failed',
]

function otherChannel(frame: Buffer): Buffer {
  frame[7] = 3
  return frame
}

/** What the peer was told is accepted. */
function acceptedIn(output: MemoryOutput): readonly number[] {
  const bytes = output.take()
  const ids: number[] = []
  for (let at = 0; at < bytes.length;) {
    if (bytes.toString('latin1', at, at + 4) === 'AMQP') {
      at += 8
      continue
    }
    const size = bytes.readUInt32BE(at)
    const { performative } = frames.read_frame(bytes.subarray(at, at + size))
    if (performative?.['role'] === true && 'first' in performative)
      for (let id = Number(performative['first']); id <= Number(performative['last']); id++) ids.push(id)
    at += size
  }
  return ids
}

function feed(connection: WireConnection, pieces: readonly Buffer[]): void {
  for (const piece of pieces) connection.read(Buffer.concat([piece, Buffer.alloc(9, 0xff)]), piece.length)
  connection.stop()
}

test('the same happens wherever a read ends', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 40 }), (places) => {
      const { connection, output, ends, log } = setUp()
      feed(connection, cut(transcript, places))
      expect(log).toEqual(expected)
      expect(ends).toEqual([])
      expect(acceptedIn(output)).toEqual([0, 1])
    }),
  )
})

test('a peer is told who it is', async () => {
  const { connection, output, receiver, sender } = setUp()
  connection.start()
  feed(connection, greeting)
  await Promise.all([receiver.attached.promise, sender.attached.promise, connection.begun.promise])
  expect((await connection.opened.promise).properties.get('product')).toBe('RabbitMQ')
  const bytes = output.take()
  expect(bytes.subarray(0, 8)).toEqual(protocolHeaders.sasl)
  expect(bytes.includes('PLAIN')).toBe(true)
  expect(bytes.includes('\0user\0word')).toBe(true)
})

test('a peer that settles second is told that this side has settled', () => {
  const { connection, output } = setUp()
  feed(connection, [...greeting, traffic[0]!])
  output.take()
  feed(connection, [traffic.at(-2)!])
  expect(output.takeFrames().map(({ performative }) => performative)).toMatchObject([
    { role: false, first: 3, last: 3, settled: true },
  ])
})

test('bytes that are not as they were end the connection with an error, or change what is said', () => {
  const change = fc.tuple(fc.nat(transcript.length - 1), fc.nat(255))
  fc.assert(
    fc.property(
      fc.array(change, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(), { maxLength: 5 }),
      (changes, places) => {
        const { connection } = setUp()
        const bytes = Buffer.from(transcript)
        for (const [at, value] of changes) bytes[at] = value
        try {
          feed(connection, cut(bytes, places))
        } catch (error) {
          connection.stop()
          expect(error).toMatchObject({ code: expect.stringMatching(/^PROTOCOL_ERROR$|^amqp:/) })
        }
      },
    ),
    { numRuns: 3_000 },
  )
})

const reason = { error: { condition: 'amqp:connection:forced', description: 'why' } }

test.each<[string, Buffer]>([
  ['close', peerFrame('close', reason)],
  ['end', peerFrame('end', reason)],
  ['detach', peerFrame('detach', { handle: 5, closed: true, ...reason })],
])('%s: the reason of the peer is told, and the peer is answered', (name, frame) => {
  const { connection, output, ends } = setUp()
  feed(connection, greeting)
  output.take()
  feed(connection, [frame])
  expect(ends).toEqual([{ condition: 'amqp:connection:forced', description: 'why' }])
  const code = { close: 0x18, end: 0x17, detach: 0x16 }[name]!
  expect(output.take().includes(Buffer.from([0, 0x53, code]))).toBe(true)
})

describe('is refused:', () => {
  test.each<[string, readonly Buffer[], RegExp]>([
    ['another protocol', [Buffer.from('HTTP/1.1 400')], /it begins with "HTTP\/1\.1"/],
    ['AMQP 0-9-1', [Buffer.from('AMQP\0\0\u0009\u0001', 'latin1')], /AMQP 0-9-1/],
    ['AMQP 2', [Buffer.from('AMQP\u0003\u0002\0\0', 'latin1')], /AMQP 2\.0\.0/],
    ['a peer without SASL', [protocolHeaders.amqp], /SASL/],
    ['a peer that wants TLS', [Buffer.from('AMQP\u0002\u0001\0\0', 'latin1')], /amqps/],
    [
      'a peer without the mechanism',
      [protocolHeaders.sasl, saslFrame('sasl_mechanisms', { sasl_server_mechanisms: ['EXTERNAL'] })],
      /No suitable mechanism; server supports EXTERNAL/,
    ],
    [
      'a wrong password',
      [protocolHeaders.sasl, saslFrame('sasl_outcome', { code: 1 })],
      /Failed to authenticate: 1/,
    ],
    [
      'a challenge',
      [protocolHeaders.sasl, saslFrame('sasl_challenge', { challenge: Buffer.of(1) })],
      /PLAIN does not/,
    ],
    ['a frame of AMQP within SASL', [protocolHeaders.sasl, peerFrame('close', {})], /a frame of type 0/],
    [
      'frames that are too small',
      [...greeting.slice(0, 4), peerFrame('open', { container_id: 'b', max_frame_size: 100 })],
      /frames of only 100 B/,
    ],
    [
      'a second session',
      [
        ...greeting,
        peerFrame('begin', {
          remote_channel: 0,
          next_outgoing_id: 0,
          incoming_window: 1,
          outgoing_window: 1,
        }),
      ],
      /a begin/,
    ],
    [
      'a link that was not asked for',
      [...greeting, peerFrame('attach', { name: 'x', handle: 9, role: true })],
      /not asked for/,
    ],
    [
      'a link to the wrong side',
      [...greeting.slice(0, 6), peerFrame('attach', { name: 'in', handle: 5, role: true })],
      /not asked for/,
    ],
    [
      'a handle that is too high',
      [...greeting.slice(0, 6), peerFrame('attach', { name: 'in', handle: 5_000, role: false })],
      /handle 5000/,
    ],
    [
      'a handle of no link',
      [...greeting, peerFrame('transfer', { handle: 1, delivery_id: 0 })],
      /handle 1, which no link has/,
    ],
    [
      'a message to a sender',
      [...greeting, peerFrame('transfer', { handle: 6, delivery_id: 0 })],
      /a link that sends/,
    ],
    ['a frame of another session', [...greeting, otherChannel(peerFrame('end', {}))], /channel 3/],
    [
      'a kind that does not exist',
      [...greeting, frameOf(types.amqp, Buffer.from('00533345', 'hex'))],
      /of a kind/,
    ],
  ])('%s', (_, pieces, message) => {
    const { connection } = setUp()
    expect(() => feed(connection, pieces)).toThrow(message)
    connection.stop()
  })
})

describe('with a peer that wants signs of life', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test.each([
    [10_000, 5_000],
    [1, 50],
    [4_294_967_295, 2_147_483_647],
  ])('every %d ms: it gets one every %d ms, until the connection ends', (idle, everyMs) => {
    const { connection, output } = setUp()
    connection.start()
    for (const piece of [
      ...greeting.slice(0, 4),
      peerFrame('open', { container_id: 'b', idle_time_out: idle }),
    ])
      connection.read(piece, piece.length)
    output.take()
    vi.advanceTimersByTime(everyMs - 1)
    expect(output.take()).toHaveLength(0)
    vi.advanceTimersByTime(1)
    expect(output.take()).toEqual(frameOf(types.amqp))
    connection.stop()
    expect(vi.getTimerCount()).toBe(0)
  })
})
