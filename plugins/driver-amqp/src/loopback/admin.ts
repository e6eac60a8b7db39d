import type { Socket } from 'node:net'
import {
  createMethodReader,
  long,
  longText,
  methodOf,
  methods,
  protocolHeader,
  readShortText,
  short,
  shortText,
  type Method,
} from './methods.ts'
import { createQueue, type Queue } from './queue.ts'

/** Serves the AMQP 0-9-1 methods that create and delete queues. It accepts any user. */
export function serveAdmin(socket: Socket, queues: Map<string, Queue>): void {
  const read = createMethodReader()
  socket.write(
    methodOf(
      methods.connectionStart,
      0,
      // version 0-9, and an empty table of server properties
      Buffer.from([0, 9]),
      long(0),
      longText('PLAIN'),
      longText('en_US'),
    ),
  )
  let isFirst = true
  socket.on('data', (bytes) => {
    try {
      const frames = isFirst ? bytes.subarray(protocolHeader.length) : bytes
      isFirst = false
      for (const method of read(frames)) socket.write(answerTo(method, queues))
    } catch {
      // not a client of AMQP 0-9-1
      socket.destroy()
    }
  })
}

function answerTo(method: Method, queues: Map<string, Queue>): Buffer {
  const { id, channel } = method
  switch (id) {
    case methods.connectionStartOk:
      return methodOf(methods.connectionTune, 0, short(2_047), long(131_072), short(0))
    case methods.connectionTuneOk:
      return Buffer.alloc(0)
    case methods.connectionOpen:
      return methodOf(methods.connectionOpenOk, 0, shortText(''))
    case methods.channelOpen:
      return methodOf(methods.channelOpenOk, channel, longText(''))
    case methods.connectionClose:
      return methodOf(methods.connectionCloseOk, 0)
    case methods.queueDeclare:
    case methods.queuePurge:
    case methods.queueDelete:
      return answerToQueueMethod(method, queues)
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

/** All three begin with a reserved number and the queue's name. */
function answerToQueueMethod({ id, channel, arguments: given }: Method, queues: Map<string, Queue>): Buffer {
  const name = readShortText(given, 2)
  const known = queues.get(name)
  const depth = known?.depth ?? 0
  if (id === methods.queueDeclare) {
    const queue = known ?? createQueue()
    queues.set(name, queue)
    return methodOf(methods.queueDeclareOk, channel, shortText(name), long(depth), long(queue.consumers))
  }
  if (id === methods.queuePurge) {
    known?.purge()
    return methodOf(methods.queuePurgeOk, channel, long(depth))
  }
  queues.delete(name)
  return methodOf(methods.queueDeleteOk, channel, long(depth))
}
