import { CloudbenchError, messageOf, type TaskContext } from '@cloudbench/core'
import { tlsOptions } from '@cloudbench/driver-kit'
import type { Options, SocketOptions } from 'amqplib'
import { connectError } from '../connect-error.ts'
import type { AmqpOptions } from '../options.ts'
import { parseTarget, type AmqpTarget } from '../target.ts'
import { within } from './within.ts'

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
export async function openQueueAdmin({
  options,
  target: url,
  log,
  signal,
}: TaskContext<AmqpOptions>): Promise<QueueAdmin> {
  signal.throwIfAborted()
  const target = parseTarget(url)
  const tls = target.isTls ? await tlsOptions(options.tls ?? {}, log) : undefined
  const cut = new AbortController()
  let lost: unknown
  /** Waits for an answer. After an error, or without one in time, the connection is of no use. */
  const answered = async <T>(answer: Promise<T>, queue: string): Promise<T> => {
    try {
      return await within(answer, options.connectTimeoutMs)
    } catch (error) {
      cut.abort()
      throw refusal(withCode(lost ?? error), target, queue)
    }
  }
  // loaded here, because most workers never create a queue
  const { connect } = await import('amqplib')
  const connection = await answered(
    connect(addressOf(target), { ...tls, noDelay: true, signal: cut.signal } as SocketOptions),
    options.queue,
  )
  connection.on('error', (error) => (lost ??= error))
  const channel = await answered(connection.createChannel(), options.queue)
  // the method that was refused rejects with it as well
  channel.on('error', () => {})
  return {
    async declare(queue) {
      const declared = channel.assertQueue(queue, { durable: options.durable, expires: expiryMs })
      return { messages: (await answered(declared, queue)).messageCount }
    },
    async purge(queue) {
      await answered(channel.purgeQueue(queue), queue)
    },
    async delete(queue) {
      await answered(channel.deleteQueue(queue), queue)
    },
    async close() {
      if (cut.signal.aborted) return
      await within(connection.close(), options.connectTimeoutMs).catch(() => {})
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
function withCode(error: unknown): Error & { readonly code: string } {
  const message = messageOf(error)
  const { code } = error as { readonly code?: unknown }
  const reply = typeof code === 'number' ? code : /terminated by server: (\d+)/.exec(message)?.[1]
  const known = typeof code === 'string' ? code : codes.find(([words]) => words.test(message))?.[1]
  return Object.assign(new Error(message, { cause: error }), {
    code: reply === undefined ? (known ?? '') : `AMQP_${reply}`,
  })
}

function refusal(
  error: Error & { readonly code: string },
  target: AmqpTarget,
  queue: string,
): CloudbenchError {
  if (error.code === 'PROTOCOL_091')
    return new CloudbenchError({
      code: 'CB_CONNECT',
      what: `${target.shown} cannot create the queue ${queue}: it does not speak AMQP 0-9-1, which AMQP 1.0 needs for that`,
      expected: 'RabbitMQ, or a queue that exists',
      next: 'create the queue, and set options.create to false',
      cause: error,
    })
  if (error.code === 'AMQP_406')
    return new CloudbenchError({
      code: 'CB_CONNECT',
      what: `the queue ${queue} on ${target.shown} exists, and cloudbench did not create it with these options: ${error.message}`,
      expected: 'a queue that does not exist, or one that a run with the same options.durable left behind',
      next: 'choose another options.queue, or set options.create to false to use it as it is',
      cause: error,
    })
  return connectError(error, target, queue)
}
