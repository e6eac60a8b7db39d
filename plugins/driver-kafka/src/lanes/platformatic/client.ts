import type { Socket } from 'node:net'
import { connectionClosed, importClient, within } from '@cloudbench/driver-kit'
import type { BaseOptions, ConnectionPoolEventPayload, SASLMechanismValue } from '@platformatic/kafka'
import type { Cluster } from '../../client/cluster.ts'
import type { Loss } from '../../client/loss.ts'
import { clients } from '../../clients.ts'
import { formatAddress } from '../../target.ts'
import { clientId } from '../../wire/writer.ts'

export type Module = typeof import('@platformatic/kafka')

/** It is the user's own: installed beside their configuration. */
export async function loadModule(folder: string): Promise<Module> {
  return await importClient<Module>(clients.platformatic.package, folder, import.meta.url)
}

/** The part of its clients that all of them share. */
interface Emitter {
  on(event: 'client:broker:connect', listener: (payload: ConnectionPoolEventPayload) => void): unknown
}

/** The sockets of a client. */
export interface Watch {
  /** Takes leave of the brokers if they still listen, and closes what is left open. */
  close(leave: () => Promise<unknown>): Promise<void>
}

/** A broker that still answers does so within this time. */
const leaveLimitMs = 2_000

/** As an application configures it, but that nothing is tried again: a request that fails is to be seen. */
export function optionsOf({ target, access }: Cluster): BaseOptions {
  const { tls, sasl, connectTimeoutMs } = access
  return {
    clientId,
    bootstrapBrokers: target.addresses.map(formatAddress),
    connectTimeout: connectTimeoutMs,
    retries: 0,
    autocreateTopics: false,
    ...(tls !== undefined && { tls, tlsServerName: tls.servername ?? true }),
    ...(sasl !== undefined && {
      sasl: { ...sasl, mechanism: sasl.mechanism.toUpperCase() as SASLMechanismValue },
    }),
  }
}

/** Counts the connections of a client. The first that closes ends the connection of the load. */
export function watch(client: Emitter, { access }: Cluster, loss: Loss): Watch {
  const { sockets } = access
  const open = new Set<Socket>()
  let isLeaving = false
  client.on('client:broker:connect', ({ connection: { socket } }) => {
    open.add(socket)
    sockets?.opened()
    const lost = (error: Error | false = false): void => {
      if (!isLeaving) loss.report(error || connectionClosed('the broker closed the connection'))
    }
    socket.once('error', lost).once('end', lost)
    socket.once('close', () => {
      open.delete(socket)
      sockets?.closed()
      lost()
    })
  })
  return {
    async close(leave) {
      isLeaving = true
      const left = within(leaveLimitMs, async () => await leave())
      if (loss.error) left.catch(() => {})
      else await left.catch(() => {})
      const closed = Array.from(open, (socket) => new Promise((resolve) => socket.once('close', resolve)))
      for (const socket of open) socket.destroy()
      await Promise.all(closed)
    },
  }
}
