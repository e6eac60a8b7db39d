import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import type { Sockets } from '@cloudbench/core'
import { type ConnectTls, LightSocket } from '@cloudbench/driver-kit'
import { AbstractConnector } from 'ioredis'

/**
 * The class of ioredis connectors that open light sockets. ioredis creates one for every client, and a cluster has a
 * client for every node.
 * @param sockets Is told of every connection that a server accepts, and of its end.
 */
export function lightConnector(
  tls: ConnectTls | undefined,
  sockets: Sockets | undefined,
): new (options: unknown) => AbstractConnector {
  return class LightConnector extends AbstractConnector {
    readonly #host: string
    readonly #to: number | string

    constructor(options: unknown) {
      const { host, port, path, disconnectTimeout } = options as {
        host: string
        port: number
        path?: string | null
        disconnectTimeout: number
      }
      super(disconnectTimeout)
      this.#host = host
      this.#to = path ?? port
    }

    async connect(): Promise<Socket> {
      this.connecting = true
      await turn()
      if (!this.connecting) throw new Error('Connection is closed.')
      const socket = new LightSocket({ tls, sockets }).connect(this.#to, this.#host)
      // where ioredis looks when a socket broke before it could listen
      socket.once('error', (error: Error) => {
        this.firstError = error
      })
      // a light socket has everything that ioredis uses of a socket
      this.stream = socket as unknown as Socket
      return this.stream
    }
  }
}
