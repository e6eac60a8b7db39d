import { setImmediate as turn } from 'node:timers/promises'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { createMemoryBroker } from '../../src/loopback/broker.ts'
import { serve } from '../../src/loopback/connection.ts'
import type { Request } from '../../src/loopback/request.ts'
import { api } from '../../src/wire/api.ts'
import { layout } from '../../src/wire/batch-layout.ts'
import { crc32c } from '../../src/wire/crc32c.ts'
import { codeOf } from '../../src/wire/protocol-errors.ts'
import { Reader } from '../../src/wire/reader.ts'
import { Writer } from '../../src/wire/writer.ts'

export interface ScriptedBroker {
  readonly url: string
  readonly port: number
}

export interface Script {
  /** The port that the broker advertises. @default its own */
  readonly advertised?: number
  /** Returns whether it takes care of a request. If not, the broker answers as usual; `pass` has it do so later. */
  take?(request: Request, pass: () => void): boolean
}

/** The broker of the loopback, with a test that intervenes. */
export async function scriptedBroker({ advertised, take = () => false }: Script): Promise<ScriptedBroker> {
  const { port, target } = await tcpServer('kafka', (socket) => {
    serve(socket, (request) => {
      if (!take(request, () => broker(request))) broker(request)
    })
  })
  const broker = createMemoryBroker({ host: '127.0.0.1', port: advertised ?? port }, (_, admitted) =>
    admitted(false),
  )
  return { url: target, port }
}

/** Where the batches start in an answer to a Fetch of the topic `t`. */
export const setAt = 4 + 2 + 4 + 4 + 3 + 4 + 4 + 2 + 8 + 8 + 8 + 4 + 4 + 4

/** Changes the first batch in such an answer, if there is one, and makes its checksum right again. */
export function changeBatch(body: Buffer, change: (batch: Buffer) => void): Buffer {
  if (body.length < setAt + layout.records) return body
  const changed = Buffer.from(body)
  const end = setAt + layout.leaderEpoch + changed.readInt32BE(setAt + layout.length)
  const batch = changed.subarray(setAt, end)
  change(batch)
  batch.writeUInt32BE(crc32c(batch, layout.attributes, batch.length), layout.checksum)
  return changed
}

/** A broker whose answers to Fetch are changed on the way, as long as the test says so. */
export async function changingBroker(change: (body: Buffer) => Buffer): Promise<string> {
  const { url } = await scriptedBroker({
    take(request) {
      if (request.key !== api.fetch.key) return false
      const { answer } = request
      Object.assign(request, {
        answer: (body: Buffer | undefined) => answer(body && change(body)),
      })
      return false
    },
  })
  return url
}

/** An answer to a Fetch of the topic `t` that says why there is nothing. */
export function fetchRefusal(name: string): Buffer {
  const ofPartition = (partition: number, to: Writer): Writer =>
    to.int32(partition).int16(codeOf(name)).int64(-1).int64(-1).int64(-1).int32(-1).int32(-1).int32(0)
  return new Writer()
    .int32(0)
    .int16(0)
    .int32(0)
    .array(['t'], (topic, to) => to.string(topic).array([0], ofPartition)).written
}

/** An answer to ListOffsets of the topic `t`. */
export function offsetAnswer(offset: number): Buffer {
  return new Writer()
    .int32(0)
    .array(['t'], (topic, to) =>
      to.string(topic).array([0], (partition) => to.int32(partition).int16(0).int64(-1).int64(offset)),
    ).written
}

/** Which end of a partition a ListOffsets request asks for. Does not consume it. */
export function endIn({ body }: Request): 'earliest' | 'latest' {
  return body.buffer.readBigInt64BE(body.end - 8) === -2n ? 'earliest' : 'latest'
}

/** Waits until a condition is true, a turn of the event loop at a time. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turn()
}

/** The parts of a Produce request that tests look at. */
export interface Produced {
  readonly topic: string
  readonly partition: number
  readonly count: number
  readonly producerId: number
  readonly baseSequence: number
}

/** Reads a Produce request without consuming it. */
export function producedIn({ body }: Request): Produced {
  const from = new Reader(body.buffer, body.at, body.end)
  from.string()
  from.int16()
  from.int32()
  from.int32()
  const topic = from.string() ?? ''
  from.int32()
  const partition = from.int32()
  const set = from.bytes()
  return {
    topic,
    partition,
    count: set.readInt32BE(layout.count),
    producerId: Number(set.readBigInt64BE(layout.producerId)),
    baseSequence: set.readInt32BE(layout.baseSequence),
  }
}

/** What a broker says of messages that it refuses, and of the batch. */
export interface Said {
  readonly messages?: readonly (string | undefined)[]
  readonly batch?: string
}

/** An answer to a Produce request. */
export function produceAnswer({ topic, partition }: Produced, code: number, said: Said = {}): Buffer {
  return new Writer()
    .int32(1)
    .string(topic)
    .int32(1)
    .int32(partition)
    .int16(code)
    .int64(-1)
    .int64(-1)
    .int64(-1)
    .array(said.messages ?? [], (message, to) => to.int32(0).string(message))
    .string(said.batch)
    .int32(0).written
}
