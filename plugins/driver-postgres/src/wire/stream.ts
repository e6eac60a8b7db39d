import { EventEmitter } from 'node:events'
import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'

/** Shared by all connections of a process: every read is copied out before the next one. */
const readBuffer = Buffer.allocUnsafeSlow(65_536)
/** Writes of one turn are merged into one buffer up to this size, and written separately beyond it. */
const mergeLimitBytes = 65_536

/** Length 8 and the code of an SSLRequest. */
const sslRequest = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f])
/** What a server may begin with: authentication, error, notice, version negotiation. */
const firstBytes = new Set(Buffer.from('RENv'))

/**
 * What pg needs of a socket, without the stream machinery for reading: `net` reads into one buffer that all connections
 * share, and each read is copied once, because the parser may keep part of it. With TLS it is an ordinary socket.
 *
 * TLS is negotiated here rather than by pg, which has no option for the server name to request.
 *
 * Writes made while a read is handled, or in the same turn, leave as one. A buffer must not change before the server has
 * answered it.
 */
export class WireStream extends EventEmitter {
  /** pg checks this before it writes. */
  writable = false
  readonly #tls: ConnectionOptions | undefined
  #socket: Socket | undefined
  #parts: Buffer[] = []
  #partsBytes = 0
  #isFirstRead = true
  #isReading = false
  #isScheduled = false
  readonly #flushLater: () => void

  constructor(tls: ConnectionOptions | undefined) {
    super()
    this.#tls = tls
    this.#flushLater = () => {
      this.#isScheduled = false
      this.#flush()
    }
  }

  connect(port: number, host: string): this {
    if (this.#tls === undefined) {
      const onread = {
        buffer: readBuffer,
        callback: (length: number, shared: Uint8Array) => {
          const chunk = Buffer.allocUnsafe(length)
          chunk.set(length === shared.length ? shared : shared.subarray(0, length))
          this.#receive(chunk)
          return true
        },
      }
      const socket = connect({ host, port, noDelay: true, onread })
      this.#use(socket)
      socket.once('connect', () => this.#opened())
    } else {
      const socket = connect({ host, port, noDelay: true })
      this.#use(socket)
      socket.once('connect', () => socket.write(sslRequest))
      socket.once('data', (answer) => this.#secure(socket, host, answer))
    }
    return this
  }

  write(data: Buffer, callback?: () => void): boolean {
    this.#parts.push(data)
    this.#partsBytes += data.length
    if (callback) this.#flush(callback)
    else if (!this.#isReading && !this.#isScheduled) {
      this.#isScheduled = true
      process.nextTick(this.#flushLater)
    }
    return true
  }

  end(): this {
    this.#flush()
    this.#socket?.end()
    return this
  }

  destroy(error?: Error): this {
    this.#socket?.destroy(error)
    return this
  }

  setNoDelay(): this {
    return this
  }

  #use(socket: Socket): void {
    this.#socket = socket
    socket.on('error', (error: Error) => this.emit('error', error))
    socket.on('close', () => {
      // the plain socket of a TLS connection closes too
      if (this.#socket !== socket) return
      this.writable = false
      this.emit('close')
    })
    socket.on('end', () => this.emit('end'))
  }

  #opened(): void {
    this.writable = true
    this.emit('connect')
  }

  #secure(plain: Socket, host: string, answer: Buffer): void {
    // anything that came with the S was sent in the clear, and must not be trusted
    if (answer.toString('latin1') !== 'S') {
      plain.destroy(answer[0] === 78 ? noTls() : notPostgres())
      return
    }
    plain.removeAllListeners('error')
    const secure = connectTls({
      socket: plain,
      host,
      ...(isIP(host) === 0 && { servername: host }),
      ...this.#tls,
    })
    this.#use(secure)
    secure.once('secureConnect', () => this.#opened())
    secure.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  #receive(chunk: Buffer): void {
    if (this.#isFirstRead) {
      this.#isFirstRead = false
      if (!firstBytes.has(chunk[0]!)) {
        this.destroy(notPostgres())
        return
      }
    }
    this.#isReading = true
    try {
      this.emit('data', chunk)
    } catch (error) {
      // the parser throws when it cannot make sense of a message
      this.destroy(error as Error)
    }
    this.#isReading = false
    this.#flush()
  }

  #flush(callback?: () => void): void {
    const parts = this.#parts
    const socket = this.#socket
    if (parts.length === 0 || socket === undefined) return
    if (parts.length === 1) socket.write(parts[0]!, callback)
    else if (this.#partsBytes <= mergeLimitBytes) socket.write(Buffer.concat(parts), callback)
    else {
      socket.cork()
      for (const part of parts) socket.write(part)
      if (callback) socket.write('', callback)
      socket.uncork()
    }
    parts.length = 0
    this.#partsBytes = 0
  }
}

function noTls(): Error {
  return Object.assign(new Error('no TLS'), { code: 'NO_TLS' })
}

function notPostgres(): Error {
  return Object.assign(new Error('unexpected first bytes'), {
    code: 'INVALID_RESPONSE',
  })
}
