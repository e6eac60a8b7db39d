import { EventEmitter } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Sockets } from '@cloudbench/core'
import { tlsTo, type ConnectTls } from '../connect/tls.ts'
import { Outgoing } from './outgoing.ts'
import { copied, readBuffer } from './shared-read.ts'

/**
 * Takes what was read, in the buffer that all connections share: its first `length` bytes, which are good until the
 * reader returns. A reader keeps a copy of what is unfinished.
 */
export type SocketReader = (shared: Buffer, length: number) => void

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
  /** Gets what is read, in place of listeners to `data`. */
  readonly reader?: SocketReader
  /** Whether an error that a listener or a reader throws ends the connection: for parsers that throw at what they do not know. */
  readonly endsOnThrow?: boolean
  /** Is told when the server has accepted the connection, before any TLS, and when it is closed. */
  readonly sockets?: Sockets | undefined
}

/**
 * What a client library needs of a socket, without the stream machinery for reading: `net` reads into one buffer that all
 * connections share, and what was read is copied once, or not at all where there is a reader.
 *
 * Writes that are made while a read is being handled, or in the same turn, leave as one. A buffer must not be changed
 * before the server has answered it. Reading never stops: the host bounds what is in flight.
 */
export class LightSocket extends EventEmitter {
  /** From when it is open until it is closed. */
  writable = false
  /** Gets what is read from now on, in place of listeners to `data`. */
  reader: SocketReader | undefined
  readonly #options: LightSocketOptions
  #socket: Socket | undefined
  readonly #outgoing = new Outgoing()
  #isFirstRead: boolean
  #isReading = false
  #isScheduled = false
  #hasEnded = false
  readonly #endsOnThrow: boolean
  readonly #flushLater: () => void

  constructor(options: LightSocketOptions = {}) {
    super()
    this.#options = options
    this.reader = options.reader
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
        this.#receive(shared as Buffer, length)
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
    this.#outgoing.add(data)
    if (callback) this.#flush(callback)
    else this.#leaveSoon()
    return true
  }

  /** Where frames are laid out that leave in order with what is written. Another buffer after each `reserve`. */
  get out(): Buffer {
    return this.#outgoing.out
  }

  /** Makes room for a frame in `out`, at the place that it returns. Its bytes have to be there when the turn ends. */
  reserve(bytes: number): number {
    const at = this.#outgoing.reserve(bytes)
    this.#leaveSoon()
    return at
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

  unref(): this {
    this.#socket?.unref()
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

  /** Whether it is closed for good. */
  get closed(): boolean {
    return this.#socket?.closed ?? false
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
    secure.on('data', (chunk: Buffer) => this.#receive(chunk, chunk.length))
  }

  #end(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.emit('end')
  }

  #receive(shared: Buffer, length: number): void {
    if (this.#isFirstRead) {
      this.#isFirstRead = false
      const fault = this.#options.foreign?.(copied(length, shared))
      if (fault) {
        this.destroy(fault)
        return
      }
    }
    this.#isReading = true
    if (this.#endsOnThrow)
      try {
        this.#handOver(shared, length)
      } catch (error) {
        this.destroy(error as Error)
      }
    else this.#handOver(shared, length)
    this.#isReading = false
    this.#flush()
  }

  #handOver(shared: Buffer, length: number): void {
    if (this.reader === undefined) this.emit('data', copied(length, shared))
    else this.reader(shared, length)
  }

  #leaveSoon(): void {
    if (this.#isReading || this.#isScheduled) return
    this.#isScheduled = true
    process.nextTick(this.#flushLater)
  }

  #flush(callback?: () => void): void {
    if (this.#socket === undefined || this.#outgoing.isEmpty) return
    this.#outgoing.flush(this.#socket, callback)
  }
}
