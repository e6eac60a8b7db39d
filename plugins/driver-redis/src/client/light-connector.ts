import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { AbstractConnector } from 'ioredis'
import { LightStream } from './light-stream.ts'

/** Gives ioredis light streams: its `Connector` option makes one of these for every client. */
export class LightConnector extends AbstractConnector {
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
    const stream = new LightStream(this.#host, this.#port)
    // ioredis looks there when a stream was broken before it could listen
    stream.once('error', (error: Error) => {
      this.firstError = error
    })
    // ioredis uses what a light stream has, and nothing else of a socket
    this.stream = stream as unknown as Socket
    return this.stream
  }
}
