import { EventEmitter } from 'node:events'
import { connect as connectTcp, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** Shared by all connections of a process: every read is copied out of it before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)

export interface LightSocketOptions {
  readonly host: string
  readonly port: number
  /** Undefined: no TLS. */
  readonly tls: ConnectionOptions | undefined
  readonly onConnect: () => void
}

/**
 * The part of a socket that rhea uses, without the stream machinery for reading. rhea writes frame by frame; frames
 * written in the same turn leave as one.
 */
export class LightSocket extends EventEmitter {
  readonly #socket: Socket
  #pending: Buffer[] = []
  #pendingBytes = 0
  readonly #flush: () => void

  constructor({ host, port, tls, onConnect }: LightSocketOptions) {
    super()
    this.#flush = () => this.#write()
    const onread = {
      buffer: readBuffer,
      callback: (length: number, shared: Uint8Array): boolean => {
        const chunk = Buffer.allocUnsafe(length)
        chunk.set(length === shared.length ? shared : shared.subarray(0, length))
        this.emit('data', chunk)
        return true
      },
    }
    this.#socket = tls
      ? connectTls({ ...tls, host, port, onread } as ConnectionOptions)
      : connectTcp({ host, port, onread, noDelay: true })
    if (tls) this.#socket.setNoDelay(true)
    this.#socket.once(tls ? 'secureConnect' : 'connect', onConnect)
    this.#socket.on('error', (error: Error) => this.emit('error', error))
    // also when the broker closed it without a reason
    this.#socket.once('close', () => this.emit('end'))
  }

  write(frame: Buffer): boolean {
    if (this.#pendingBytes === 0) process.nextTick(this.#flush)
    this.#pending.push(frame)
    this.#pendingBytes += frame.length
    return true
  }

  end(): this {
    this.#write()
    this.#socket.end()
    return this
  }

  destroy(): this {
    this.#socket.destroy()
    return this
  }

  get destroyed(): boolean {
    return this.#socket.destroyed
  }

  /** Nagle's algorithm is always off. */
  setNoDelay(): this {
    return this
  }

  #write(): void {
    if (this.#pendingBytes === 0) return
    const frames = this.#pending
    this.#pending = []
    const bytes = frames.length === 1 ? frames[0]! : Buffer.concat(frames, this.#pendingBytes)
    this.#pendingBytes = 0
    if (this.#socket.writable) this.#socket.write(bytes)
  }
}
