import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Shared by all connections of a process: each read is copied out of it before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)

/**
 * What ioredis needs of a socket, without the stream machinery for reading: `net` reads into one buffer that all
 * connections share, and each read is copied once, because replies are slices of it.
 *
 * Writes made while a read is being handled, or in the same turn of the event loop, leave as one.
 */
export class LightStream extends EventEmitter {
  /** ioredis checks it before it writes. */
  writable = true
  readonly #socket: Socket
  #pending = ''
  #isReading = false
  #isScheduled = false
  readonly #flushLater: () => void

  constructor(host: string, port: number) {
    super()
    this.#flushLater = () => {
      this.#isScheduled = false
      this.#flush()
    }
    this.#socket = connect({
      host,
      port,
      noDelay: true,
      onread: { buffer: readBuffer, callback: (length, buffer) => this.#receive(length, buffer) },
    })
    for (const event of ['connect', 'end', 'drain', 'timeout'] as const)
      this.#socket.on(event, () => this.emit(event))
    this.#socket.on('error', (error: Error) => this.emit('error', error))
    this.#socket.on('close', (hadError: boolean) => {
      this.writable = false
      this.emit('close', hadError)
    })
  }

  write(data: string | Buffer): boolean {
    if (typeof data !== 'string') {
      this.#flush()
      return this.#socket.write(data)
    }
    this.#pending += data
    if (!this.#isReading && !this.#isScheduled) {
      this.#isScheduled = true
      process.nextTick(this.#flushLater)
    }
    return true
  }

  end(): this {
    this.#flush()
    this.#socket.end()
    return this
  }

  destroy(error?: Error): this {
    this.#socket.destroy(error)
    return this
  }

  /** Reading never pauses: the host limits how much is in flight. */
  resume(): this {
    return this
  }

  setNoDelay(): this {
    return this
  }

  setKeepAlive(isOn: boolean, delayMs: number): this {
    this.#socket.setKeepAlive(isOn, delayMs)
    return this
  }

  setTimeout(timeoutMs: number, callback?: () => void): this {
    this.#socket.setTimeout(timeoutMs, callback)
    return this
  }

  get connecting(): boolean {
    return this.#socket.connecting
  }

  get destroyed(): boolean {
    return this.#socket.destroyed
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  #receive(length: number, shared: Uint8Array): boolean {
    const chunk = Buffer.allocUnsafe(length)
    chunk.set(length === shared.length ? shared : shared.subarray(0, length))
    this.#isReading = true
    this.emit('data', chunk)
    this.#isReading = false
    this.#flush()
    return true
  }

  #flush(): void {
    const text = this.#pending
    if (text === '') return
    this.#pending = ''
    this.#socket.write(text, 'utf8')
  }
}
