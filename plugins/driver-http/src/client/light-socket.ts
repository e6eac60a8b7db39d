import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'

/** Bodies up to this size leave together with their head in one write. */
const mergeLimitBytes = 16_384

/**
 * What undici needs of a socket, without the stream machinery for reading: `net` reads into one buffer that all
 * connections share, and what was read is copied once, because undici keeps slices of it.
 *
 * Writes that are corked, or made while a read is being handled, leave as one.
 */
export class LightSocket extends EventEmitter {
  /** undici asks for it before anything else. */
  errored: Error | null = null
  destroyed = false
  readonly #socket: Socket
  #unread: Buffer | null = null
  #paused = false
  #pending = ''
  #holds = 0

  constructor(socket: Socket) {
    super()
    this.#socket = socket
    socket.on('error', (error: Error) => {
      this.errored = error
      this.emit('error', error)
    })
    socket.on('end', () => this.emit('end'))
    socket.on('drain', () => this.emit('drain'))
    socket.on('close', () => {
      this.destroyed = true
      this.emit('close')
    })
  }

  /** Takes what `net` has read. False, for `net` to stop reading, when nobody takes it. */
  receive(length: number, shared: Uint8Array): boolean {
    const chunk = Buffer.allocUnsafe(length)
    chunk.set(length === shared.length ? shared : shared.subarray(0, length))
    this.#unread = this.#unread === null ? chunk : Buffer.concat([this.#unread, chunk])
    this.#holds++
    this.emit('readable')
    this.#release()
    this.#paused = this.#unread !== null
    return !this.#paused
  }

  read(): Buffer | null {
    const chunk = this.#unread
    this.#unread = null
    if (this.#paused) {
      this.#paused = false
      this.#socket.resume()
    }
    return chunk
  }

  /** Gives back what the parser could not use yet. */
  unshift(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.#unread = this.#unread === null ? Buffer.from(chunk) : Buffer.concat([chunk, this.#unread])
  }

  write(data: string | Buffer, encoding?: BufferEncoding): boolean {
    if (typeof data === 'string' && encoding === 'latin1') {
      if (this.#holds > 0) {
        this.#pending += data
        return true
      }
      return this.#socket.write(data, 'latin1')
    }
    const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : data
    if (this.#holds > 0 && bytes.length <= mergeLimitBytes) {
      this.#pending += bytes.toString('latin1')
      return true
    }
    if (this.#pending === '') return this.#socket.write(bytes)
    this.#socket.cork()
    this.#flush()
    const hasRoom = this.#socket.write(bytes)
    this.#socket.uncork()
    return hasRoom
  }

  cork(): void {
    this.#holds++
  }

  uncork(): void {
    this.#release()
  }

  end(): void {
    this.#flush()
    this.#socket.end()
  }

  destroy(error?: Error): this {
    if (this.destroyed) return this
    this.destroyed = true
    this.#socket.destroy(error)
    return this
  }

  ref(): void {
    this.#socket.ref()
  }

  unref(): void {
    this.#socket.unref()
  }

  /** undici takes for a stream whatever has `pipe`; it never calls it on a socket. */
  pipe(): never {
    throw new TypeError('a LightSocket cannot be piped')
  }

  get writableNeedDrain(): boolean {
    return this.#socket.writableNeedDrain
  }

  get writableLength(): number {
    return this.#socket.writableLength + this.#pending.length
  }

  get bytesRead(): number {
    return this.#socket.bytesRead
  }

  get bytesWritten(): number {
    return this.#socket.bytesWritten
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress
  }

  get localPort(): number | undefined {
    return this.#socket.localPort
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort
  }

  get remoteFamily(): string | undefined {
    return this.#socket.remoteFamily
  }

  get timeout(): number | undefined {
    return this.#socket.timeout
  }

  #release(): void {
    if (--this.#holds === 0) this.#flush()
  }

  #flush(): void {
    const text = this.#pending
    if (text === '') return
    this.#pending = ''
    this.#socket.write(text, 'latin1')
  }
}
