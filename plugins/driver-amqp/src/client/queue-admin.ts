import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { CloudbenchError, type TaskContext } from '@cloudbench/core'
import {
  createMethodReader,
  long,
  longText,
  methodOf,
  methods,
  octet,
  protocolHeader,
  readShortText,
  short,
  shortText,
  table,
  type Method,
} from '../loopback/methods.ts'
import { connectError } from '../connect-error.ts'
import type { AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import { tlsOptions } from '@cloudbench/driver-kit'

/**
 * Deletes a queue that nobody has used for a week, should `cleanup` never run. It is the mark of our queues too: who
 * declares a queue that is there without the same expiry is refused.
 */
const expiryMs = 7 * 24 * 3_600_000

const durableBit = 2

/** Creates and deletes queues, where the broker speaks AMQP 0-9-1 as well. */
export interface QueueAdmin {
  /** Creates the queue unless it is there. @throws CloudbenchError when it is there and not ours. */
  declare(queue: string): Promise<{ readonly messages: number }>
  purge(queue: string): Promise<void>
  delete(queue: string): Promise<void>
  close(): Promise<void>
}

/** @throws CloudbenchError that says what is in the way. */
export async function openQueueAdmin({
  options,
  target: url,
  log,
  signal,
}: TaskContext<AmqpOptions>): Promise<QueueAdmin> {
  signal.throwIfAborted()
  const target = parseTarget(url)
  const tls = target.isTls ? await tlsOptions(options.tls ?? {}, log) : undefined
  const socket = tls
    ? connectTls({ ...tls, host: target.host, port: target.port })
    : connectTcp({ host: target.host, port: target.port, noDelay: true })
  const call = createCaller(socket, options.connectTimeoutMs)
  const limit = setTimeout(() => {
    socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
  }, options.connectTimeoutMs)
  try {
    await greet(call, target)
  } catch (error) {
    socket.destroy()
    throw connectError(error, target, options.queue)
  } finally {
    clearTimeout(limit)
  }

  const declare = async (queue: string): Promise<{ readonly messages: number }> => {
    const { arguments: answer } = await call(
      methods.queueDeclareOk,
      methodOf(
        methods.queueDeclare,
        1,
        short(0),
        shortText(queue),
        octet(options.durable ? durableBit : 0),
        table({ 'x-expires': expiryMs }),
      ),
    )
    return { messages: answer.readUInt32BE(readShortText(answer).end) }
  }
  const explained = async <T>(queue: string, work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw refusal(error, target, queue)
    }
  }
  const simple = async (ok: number, method: number, queue: string): Promise<void> => {
    await explained(queue, call(ok, methodOf(method, 1, short(0), shortText(queue), octet(0))))
  }
  return {
    declare: (queue) => explained(queue, declare(queue)),
    purge: (queue) => simple(methods.queuePurgeOk, methods.queuePurge, queue),
    delete: (queue) => simple(methods.queueDeleteOk, methods.queueDelete, queue),
    async close() {
      if (socket.destroyed) return
      await call(
        methods.connectionCloseOk,
        methodOf(methods.connectionClose, 0, short(200), shortText('done'), short(0), short(0)),
      ).catch(() => {})
      socket.destroy()
    },
  }
}

/** Sends a method and waits for the one that answers it; rejects when the broker closes instead. */
type Caller = (answer: number, ...bytes: readonly Buffer[]) => Promise<Method>

function createCaller(socket: Socket, limitMs: number): Caller {
  const read = createMethodReader()
  let waiting: { readonly answer: number; settle: PromiseWithResolvers<Method> } | undefined
  let isFirst = true
  const fail = (error: Error): void => {
    waiting?.settle.reject(error)
    waiting = undefined
    socket.destroy()
  }
  socket.on('error', fail)
  socket.on('close', () =>
    fail(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })),
  )
  socket.on('data', (bytes) => {
    // a broker without 0-9-1 answers with the header of what it speaks
    if (isFirst && bytes.toString('latin1', 0, 4) === 'AMQP') {
      fail(noQueueAdmin())
      return
    }
    isFirst = false
    try {
      for (const method of read(bytes)) {
        if (method.id === methods.connectionClose || method.id === methods.channelClose)
          fail(closeReason(method.arguments))
        else if (method.id === waiting?.answer) {
          const { settle } = waiting
          waiting = undefined
          settle.resolve(method)
        }
      }
    } catch (error) {
      fail(error as Error)
    }
  })
  return async (answer, ...bytes) => {
    if (socket.destroyed) throw Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' })
    const settle = Promise.withResolvers<Method>()
    waiting = { answer, settle }
    const limit = setTimeout(() => {
      fail(Object.assign(new Error(`no answer within ${limitMs} ms`), { code: 'ETIMEDOUT' }))
    }, limitMs)
    socket.write(Buffer.concat(bytes))
    try {
      return await settle.promise
    } finally {
      clearTimeout(limit)
    }
  }
}

/** Logs in and opens a channel. Without a user, RabbitMQ's own guest, who may come from this machine only. */
async function greet(
  call: Caller,
  { username = 'guest', password = username === 'guest' ? 'guest' : '', vhost = '/' }: AmqpTarget,
): Promise<void> {
  await call(methods.connectionStart, protocolHeader)
  const { arguments: limits } = await call(
    methods.connectionTune,
    methodOf(
      methods.connectionStartOk,
      0,
      // without it, a wrong password is answered with silence and a closed connection
      table({ capabilities: { authentication_failure_close: true } }),
      shortText('PLAIN'),
      longText(Buffer.from(`\0${username}\0${password}`)),
      shortText('en_US'),
    ),
  )
  await call(
    methods.connectionOpenOk,
    methodOf(methods.connectionTuneOk, 0, limits.subarray(0, 2), long(limits.readUInt32BE(2)), short(0)),
    methodOf(methods.connectionOpen, 0, shortText(vhost), shortText(''), octet(0)),
  )
  await call(methods.channelOpenOk, methodOf(methods.channelOpen, 1, shortText('')))
}

function closeReason(closing: Buffer): Error {
  const code = closing.readUInt16BE(0)
  return Object.assign(new Error(readShortText(closing, 2).text), { code: `AMQP_${code}` })
}

function noQueueAdmin(): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: 'this broker creates no queue for us: it does not speak AMQP 0-9-1, which can',
    expected: 'RabbitMQ, or a queue that is there already',
    next: 'create the queue, and set options.create to false',
  })
}

function refusal(error: unknown, target: AmqpTarget, queue: string): CloudbenchError {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'AMQP_406')
    return new CloudbenchError({
      code: 'CB_CONNECT',
      what: `the queue ${queue} on ${target.shown} is there, and cloudbench did not create it as it is to be now: ${message}`,
      expected: 'a queue that is not there yet, or one that a run with the same options.durable has left',
      next: 'another options.queue; or options.create: false to use it as it is',
      cause: error,
    })
  return connectError(error, target, queue)
}
