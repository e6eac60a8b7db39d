import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { AbstractConnector } from 'ioredis'
import { LightStream } from './light-stream.ts'

/** Gives ioredis light streams. ioredis creates one of these for every client. */
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
    // where ioredis looks when a stream broke before it could listen
    stream.once('error', (error: Error) => {
      this.firstError = error
    })
    // a light stream has everything that ioredis uses of a socket
    this.stream = stream as unknown as Socket
    return this.stream
  }
}
