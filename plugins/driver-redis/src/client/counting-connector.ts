import { connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import type { Sockets } from '@cloudbench/core'
import { type ConnectTls, tlsTo } from '@cloudbench/driver-kit'
import { AbstractConnector } from 'ioredis'

/**
 * The class of ioredis connectors for the nodes of a cluster: sockets such as ioredis opens itself, counted, because a
 * cluster's client opens and closes more of them than it tells.
 * @param sockets Is told of every connection that a server accepts, and of its end.
 */
export function countingConnector(
  tls: ConnectTls | undefined,
  sockets: Sockets | undefined,
): new (options: unknown) => AbstractConnector {
  return class CountingConnector extends AbstractConnector {
    readonly #host: string
    readonly #port: number

    constructor(options: unknown) {
      const { host, port, disconnectTimeout } = options as {
        host: string
        port: number
        disconnectTimeout: number
      }
      super(disconnectTimeout)
      this.#host = host
      this.#port = port
    }

    async connect(): Promise<Socket> {
      this.connecting = true
      await turn()
      if (!this.connecting) throw new Error('Connection is closed.')
      const host = this.#host
      const port = this.#port
      const socket = tls === undefined ? connect({ host, port }) : connectTls({ ...tlsTo(host, tls), port })
      socket.once('connect', () => {
        sockets?.opened()
        socket.once('close', () => sockets?.closed())
      })
      // where ioredis looks when a socket broke before it could listen
      socket.once('error', (error: Error) => {
        this.firstError = error
      })
      this.stream = socket
      return socket
    }
  }
}
