import { messageOf, type TaskContext } from '@cloudbench/core'
import { errorWithCode, sharedTls, within } from '@cloudbench/driver-kit'
import type { Options, SocketOptions } from 'amqplib'
import { connectError } from '../connect-error.ts'
import type { AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'

/**
 * Deletes a queue that was not used for a week, in case `cleanup` never runs. It also marks our queues: RabbitMQ refuses
 * to declare a queue that exists without the same expiry.
 */
const expiryMs = 7 * 24 * 3_600_000

/** Creates and deletes queues, on brokers that also speak AMQP 0-9-1. */
export interface QueueAdmin {
  /** Creates the queue unless it exists. @throws CloudbenchError when it exists and is not ours. */
  declare(queue: string): Promise<{ readonly messages: number }>
  purge(queue: string): Promise<void>
  delete(queue: string): Promise<void>
  close(): Promise<void>
}

/** @throws CloudbenchError that says why the broker cannot be used. */
export async function openQueueAdmin(context: TaskContext<AmqpOptions>): Promise<QueueAdmin> {
  const { options, signal } = context
  signal.throwIfAborted()
  const target = parseTarget(context.target)
  const tls = target.isTls ? await sharedTls(context) : undefined
  const cut = new AbortController()
  let lost: unknown
  /** Waits for an answer. After an error, or without one in time, the connection is of no use. */
  const answered = async <T>(queue: string, ask: () => Promise<T>): Promise<T> => {
    try {
      return await within(options.connectTimeoutMs, ask)
    } catch (error) {
      cut.abort()
      throw connectError(withCode(lost ?? error), target, queue)
    }
  }
  // loaded here, because most workers never create a queue
  const { connect } = await import('amqplib')
  const socketOptions = { ...tls, noDelay: true, signal: cut.signal } as SocketOptions
  const connection = await answered(options.queue, () => connect(addressOf(target), socketOptions))
  connection.on('error', (error) => (lost ??= error))
  const channel = await answered(options.queue, () => connection.createChannel())
  // the method that was refused rejects with it as well
  channel.on('error', () => {})
  return {
    async declare(queue) {
      const { messageCount } = await answered(queue, () =>
        channel.assertQueue(queue, { durable: options.durable, expires: expiryMs }),
      )
      return { messages: messageCount }
    },
    async purge(queue) {
      await answered(queue, () => channel.purgeQueue(queue))
    },
    async delete(queue) {
      await answered(queue, () => channel.deleteQueue(queue))
    },
    async close() {
      if (cut.signal.aborted) return
      await within(options.connectTimeoutMs, () => connection.close()).catch(() => {})
      cut.abort()
    },
  }
}

/** Without a user, RabbitMQ's own guest, which may only connect from the same machine. */
function addressOf({
  host,
  port,
  isTls,
  username = 'guest',
  password = username === 'guest' ? 'guest' : '',
  vhost = '/',
}: AmqpTarget): Options.Connect {
  return {
    protocol: isTls ? 'amqps' : 'amqp',
    hostname: host,
    port,
    username,
    password,
    // amqplib decodes it
    vhost: encodeURIComponent(vhost),
    heartbeat: 0,
  }
}

/** What amqplib says only in words, and what it means. */
const codes: readonly (readonly [words: RegExp, code: string])[] = [
  // the broker closed the connection instead of opening the virtual host
  [/got <ConnectionClose/, 'AMQP_530'],
  [/closed abruptly|Unexpected close/, 'ECONNRESET'],
  // not a frame of AMQP 0-9-1
  [/^Frame size|^Invalid frame|^Unknown frame/, 'PROTOCOL_091'],
]

/** The error, with a code that says what happened. */
function withCode(error: unknown): NodeJS.ErrnoException {
  const message = messageOf(error)
  const { code } = error as { readonly code?: unknown }
  const reply = typeof code === 'number' ? code : /terminated by server: (\d+)/.exec(message)?.[1]
  const known = typeof code === 'string' ? code : codes.find(([words]) => words.test(message))?.[1]
  return errorWithCode(reply === undefined ? (known ?? '') : `AMQP_${reply}`, message, error)
}
