import { once } from 'node:events'
import { connect as connectNet, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { pemOf } from '@cloudbench/fixtures/certificates'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { Outgoing } from '../../src/socket/outgoing.ts'
import { peers, until } from '../support.ts'

/** What one step does, and the text that it sends. */
type Step = readonly [kind: 'text' | 'bytes' | 'frame' | 'flush', text: string]

const steps = fc.array(
  fc.tuple(
    fc.constantFrom<Step[0]>('text', 'bytes', 'frame', 'flush'),
    fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
      fc.integer({ min: 3000, max: 90_000 }).map((length) => 'x'.repeat(length)),
    ),
  ),
  { maxLength: 30 },
)

/** Takes the steps; returns what they send. */
function take(outgoing: Outgoing, socket: Socket, all: readonly Step[]): string {
  let sent = ''
  for (const [kind, text] of all) {
    const bytes = Buffer.from(text)
    if (kind === 'text') outgoing.add(text)
    else if (kind === 'bytes') outgoing.add(bytes)
    else if (kind === 'frame') {
      const at = outgoing.reserve(bytes.length)
      outgoing.out.set(bytes, at)
    } else if (!outgoing.isEmpty) outgoing.flush(socket)
    if (kind !== 'flush') sent += text
  }
  if (!outgoing.isEmpty) outgoing.flush(socket)
  return sent
}

async function socketTo(port: number, isTls: boolean): Promise<Socket> {
  const socket = isTls
    ? connectTls({ host: '127.0.0.1', port, ca: pemOf('authority.pem'), servername: 'localhost' })
    : connectNet(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  await once(socket, isTls ? 'secureConnect' : 'connect')
  return socket
}

test.each([false, true])('everything leaves in order, whatever it is made of (TLS: %s)', async (isTls) => {
  const server = await peers(isTls)
  const socket = await socketTo(server.port, isTls)
  const peer = await server.next()
  const outgoing = new Outgoing()
  let received: Buffer[] = []
  let receivedBytes = 0
  peer.on('data', (data: Buffer) => {
    received.push(data)
    receivedBytes += data.length
  })
  await fc.assert(
    fc.asyncProperty(steps, async (all) => {
      received = []
      receivedBytes = 0
      const sent = Buffer.from(take(outgoing, socket, all))
      await until(() => receivedBytes >= sent.length)
      expect(Buffer.concat(received).equals(sent)).toBe(true)
    }),
    { numRuns: 60 },
  )
})

test('frames that fit together leave as one write, from the same room each time', async () => {
  const server = await peers()
  const socket = await socketTo(server.port, false)
  const peer = await server.next()
  const reads: string[] = []
  peer.on('data', (data: Buffer) => reads.push(data.toString()))
  const outgoing = new Outgoing()
  const rooms = new Set<Buffer>()
  for (let turn = 1; turn <= 3; turn++) {
    for (const frame of ['one ', 'two']) {
      const at = outgoing.reserve(frame.length)
      outgoing.out.write(frame, at)
      rooms.add(outgoing.out)
    }
    outgoing.flush(socket)
    await until(() => reads.length === turn)
  }
  expect(reads).toEqual(['one two', 'one two', 'one two'])
  expect(rooms.size).toBe(1)
})

test('a piece that is alone leaves as it is', async () => {
  const server = await peers()
  const socket = await socketTo(server.port, false)
  const peer = await server.next()
  let received = ''
  peer.on('data', (data: Buffer) => (received += data.toString()))
  const outgoing = new Outgoing()
  outgoing.add(Buffer.from('alone'))
  expect(outgoing.out.length).toBe(0)
  outgoing.flush(socket)
  await until(() => received === 'alone')
  expect(outgoing.isEmpty).toBe(true)
})
