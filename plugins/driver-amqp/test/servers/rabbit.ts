import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import rhea, { type Connection } from 'rhea'
import { inject, onTestFinished } from 'vitest'
import type { Rabbit } from './rabbit-process.ts'

export { startRabbit, withoutRabbit, type Rabbit } from './rabbit-process.ts'

/** For tests that may have to wait for a broker to start. */
export const startTimeoutMs = 180_000

export type RabbitUrls = Pick<Rabbit, 'url' | 'tlsUrl' | 'userUrl'>

/** The broker that all test files share. */
export async function sharedRabbit(): Promise<RabbitUrls> {
  const answer = await text(connect(inject('rabbitKeeperPort'), '127.0.0.1'))
  const { error, ...urls } = JSON.parse(answer) as RabbitUrls & { readonly error?: string }
  if (error !== undefined) throw new Error(error)
  return urls
}

/** A plain rhea client. */
export async function client(url: string): Promise<Connection> {
  const { hostname, port } = new URL(url)
  const connection = rhea.create_container().connect({
    host: hostname,
    port: Number(port),
    reconnect: false,
    username: 'guest',
    password: 'guest',
  })
  for (const event of ['disconnected', 'error', 'session_error', 'session_close', 'receiver_close'])
    connection.on(event, () => {})
  await new Promise((resolve) => connection.once('connection_open', resolve))
  onTestFinished(() => connection.close())
  return connection
}
