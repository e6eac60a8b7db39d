import type { Socket } from 'node:net'
import {
  createMethodReader,
  long,
  longText,
  methodOf,
  methods,
  octet,
  readShortText,
  short,
  shortText,
  table,
  type Method,
} from './methods.ts'
import { createLoopbackQueue, type LoopbackQueue } from './queue.ts'

/** Serves the methods of AMQP 0-9-1 that create and delete queues, to whoever asks. */
export function serveQueueAdmin(socket: Socket, queues: Map<string, LoopbackQueue>): void {
  const read = createMethodReader()
  socket.write(
    methodOf(
      methods.connectionStart,
      0,
      octet(0),
      octet(9),
      table({}),
      longText(Buffer.from('PLAIN')),
      longText(Buffer.from('en_US')),
    ),
  )
  let isFirst = true
  socket.on('data', (bytes) => {
    try {
      // the header of the protocol has been looked at
      const methodBytes = isFirst ? bytes.subarray(8) : bytes
      isFirst = false
      for (const method of read(methodBytes)) socket.write(answerTo(method, queues))
    } catch {
      socket.destroy()
    }
  })
}

const nothing = Buffer.alloc(0)

function answerTo({ id, channel, arguments: given }: Method, queues: Map<string, LoopbackQueue>): Buffer {
  switch (id) {
    case methods.connectionStartOk:
      return methodOf(methods.connectionTune, 0, short(2_047), long(131_072), short(0))
    case methods.connectionTuneOk:
      return nothing
    case methods.connectionOpen:
      return methodOf(methods.connectionOpenOk, 0, shortText(''))
    case methods.channelOpen:
      return methodOf(methods.channelOpenOk, channel, longText(nothing))
    case methods.connectionClose:
      return methodOf(methods.connectionCloseOk, 0)
    case methods.queueDeclare: {
      const name = readShortText(given, 2).text
      const queue = queues.get(name) ?? createLoopbackQueue()
      queues.set(name, queue)
      return methodOf(
        methods.queueDeclareOk,
        channel,
        shortText(name),
        long(queue.depth),
        long(queue.consumers),
      )
    }
    case methods.queuePurge: {
      const queue = queues.get(readShortText(given, 2).text)
      const depth = queue?.depth ?? 0
      queue?.purge()
      return methodOf(methods.queuePurgeOk, channel, long(depth))
    }
    case methods.queueDelete: {
      const name = readShortText(given, 2).text
      const depth = queues.get(name)?.depth ?? 0
      queues.delete(name)
      return methodOf(methods.queueDeleteOk, channel, long(depth))
    }
    default:
      return methodOf(
        methods.connectionClose,
        0,
        short(540),
        shortText('NOT_IMPLEMENTED'),
        short(id >>> 16),
        short(id & 0xffff),
      )
  }
}
