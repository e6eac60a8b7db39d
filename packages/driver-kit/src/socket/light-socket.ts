import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Sockets } from '@cloudbench/core'
import { tlsTo, type ConnectTls } from '../connect/tls.ts'
import { copied, readBuffer } from './shared-read.ts'

/** What leaves together is copied into one piece up to this size, and handed over in pieces beyond. */
const mergeLimitBytes = 65_536

/** How a protocol agrees on TLS before it begins. */
export interface StartTls {
  readonly request: Buffer
  /** Why TLS cannot begin after that answer; `undefined` when it can. */
  refusal(answer: Buffer): Error | undefined
}

export interface LightSocketOptions {
  /** Absent: no TLS. */
  readonly tls?: ConnectTls | undefined
  /** Absent: TLS begins at once. */
  readonly startTls?: StartTls
  /** Looks at the first read: why the server is not speaking the protocol; `undefined` when it is. */
  readonly foreign?: (first: Buffer) => Error | undefined
  /** Whether an error that a listener throws ends the connection: for parsers that throw at what they do not know. */
  readonly endsOnThrow?: boolean
  /** Is told when the server has accepted the connection, before any TLS, and when it is closed. */
  readonly sockets?: Sockets | undefined
}

/**
 * What a client library needs of a socket, without the stream machinery for reading: `net` reads into one buffer that all
 * connections share, and what was read is copied once.
 *
 * Writes that are made while a read is being handled, or in the same turn, leave as one. A buffer must not be changed
 * before the server has answered it. Reading never stops: the host bounds what is in flight.
 */
export class LightSocket extends EventEmitter {
  /** From when it is open until it is closed. */
  writable = false
  readonly #options: LightSocketOptions
  #socket: Socket | undefined
  /** Text that was written after the last of the parts. */
  #text = ''
  readonly #parts: Buffer[] = []
  #partsBytes = 0
  #isFirstRead: boolean
  #isReading = false
  #isScheduled = false
  #hasEnded = false
  readonly #endsOnThrow: boolean
  readonly #flushLater: () => void

  constructor(options: LightSocketOptions = {}) {
    super()
    this.#options = options
    this.#isFirstRead = options.foreign !== undefined
    this.#endsOnThrow = options.endsOnThrow ?? false
    this.#flushLater = () => {
      this.#isScheduled = false
      this.#flush()
    }
  }

  /** Opens a connection to a port of a host, or to the path of a Unix socket, which has no TLS. */
  connect(to: number | string, host = 'localhost'): this {
    const { tls, startTls } = this.#options
    const onread = {
      buffer: readBuffer,
      callback: (length: number, shared: Uint8Array): boolean => {
        this.#receive(copied(length, shared))
        return true
      },
    }
    if (typeof to === 'string') this.#count(this.#use(connect({ path: to, onread }), 'connect'))
    else if (tls === undefined)
      this.#count(this.#use(connect({ host, port: to, noDelay: true, onread }), 'connect'))
    else if (startTls === undefined)
      this.#count(
        this.#use(connectTls({ ...tlsTo(host, tls), port: to, onread } as object), 'secureConnect'),
      ).setNoDelay(true)
    else {
      const plain = this.#count(this.#use(connect({ host, port: to, noDelay: true })))
      plain.once('connect', () => plain.write(startTls.request))
      plain.once('data', (answer) => this.#secure(plain, tlsTo(host, tls), startTls.refusal(answer)))
    }
    return this
  }

  write(data: string | Buffer, callback?: () => void): boolean {
    if (typeof data === 'string') this.#text += data
    else {
      if (this.#text !== '') this.#keepText()
      this.#parts.push(data)
      this.#partsBytes += data.length
    }
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

  resume(): this {
    return this
  }

  /** Nagle's algorithm is always off. */
  setNoDelay(): this {
    return this
  }

  setKeepAlive(isOn: boolean, delayMs?: number): this {
    this.#socket?.setKeepAlive(isOn, delayMs)
    return this
  }

  setTimeout(timeoutMs: number, callback?: () => void): this {
    this.#socket?.setTimeout(timeoutMs, callback)
    return this
  }

  get connecting(): boolean {
    return this.#socket?.connecting ?? false
  }

  get destroyed(): boolean {
    return this.#socket?.destroyed ?? false
  }

  get remoteAddress(): string | undefined {
    return this.#socket?.remoteAddress
  }

  get remotePort(): number | undefined {
    return this.#socket?.remotePort
  }

  #count(socket: Socket): Socket {
    const { sockets } = this.#options
    if (sockets)
      socket.once('connect', () => {
        sockets.opened()
        socket.once('close', () => sockets.closed())
      })
    return socket
  }

  #use(socket: Socket, opening?: 'connect' | 'secureConnect'): Socket {
    this.#socket = socket
    if (opening)
      socket.once(opening, () => {
        this.writable = true
        this.emit('connect')
      })
    socket.on('error', (error: Error) => this.emit('error', error))
    socket.on('drain', () => this.emit('drain'))
    socket.on('timeout', () => this.emit('timeout'))
    socket.on('end', () => this.#end())
    socket.on('close', (hadError: boolean) => {
      // the plain socket below a TLS connection closes too
      if (this.#socket !== socket) return
      this.writable = false
      // also when the connection went without a word
      this.#end()
      this.emit('close', hadError)
    })
    return socket
  }

  #secure(plain: Socket, options: object, refusal: Error | undefined): void {
    if (refusal) {
      plain.destroy(refusal)
      return
    }
    plain.removeAllListeners('error')
    const secure = this.#use(connectTls({ ...options, socket: plain }), 'secureConnect')
    secure.on('data', (chunk: Buffer) => this.#receive(chunk))
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.emit('end')
  }

  #receive(chunk: Buffer): void {
    if (this.#isFirstRead) {
      this.#isFirstRead = false
      const fault = this.#options.foreign?.(chunk)
      if (fault) {
        this.destroy(fault)
        return
      }
    }
    this.#isReading = true
    if (this.#endsOnThrow)
      try {
        this.emit('data', chunk)
      } catch (error) {
        this.destroy(error as Error)
      }
    else this.emit('data', chunk)
    this.#isReading = false
    this.#flush()
  }

  #keepText(): void {
    const bytes = Buffer.from(this.#text)
    this.#text = ''
    this.#parts.push(bytes)
    this.#partsBytes += bytes.length
  }

  #flush(callback?: () => void): void {
    const parts = this.#parts
    const text = this.#text
    const socket = this.#socket
    if (socket === undefined || (parts.length === 0 && text === '')) return
    if (parts.length === 0) {
      this.#text = ''
      socket.write(text, callback)
      return
    }
    if (text !== '') this.#keepText()
    if (parts.length === 1) socket.write(parts[0]!, callback)
    else if (this.#partsBytes <= mergeLimitBytes)
      socket.write(Buffer.concat(parts, this.#partsBytes), callback)
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
