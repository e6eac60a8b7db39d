import { gzipSync } from 'node:zlib'
import type { Call } from '@cloudbench/core'
import {
  flag,
  frameType,
  headBytes,
  largestWindowBytes,
  writeHead,
  writeUint32,
} from '../../wire/http2/frames.ts'
import type { CallListener } from '../lane.ts'
import { prefixBytes } from './message-reader.ts'
import type { RequestHead } from './request-head.ts'
import type { Session } from './session.ts'

/** What a call may send in one turn, so that answers are read in between. */
const turnBytes = 65_536

/** What the senders of a lane share. */
export interface SenderLane {
  readonly session: Session
  readonly head: RequestHead
  readonly compresses: boolean
}

/** The half of a call that sends: its head, its messages, and what there is no room for yet. */
export class CallSender {
  /** 0 while there is none. */
  stream = 0
  readonly #lane: SenderLane
  readonly #session: Session
  readonly #listener: Pick<CallListener, 'onRoom'>
  #isActive = false
  /** Counts calls, for what is put off. */
  #turn = 0
  #isLast = false
  /** The first message and the head of a call that waits for a stream. */
  #first: Buffer | undefined
  #keptHead: Buffer | undefined
  /** Framed messages that have not left, and how far they have. */
  #unsent: Buffer | undefined
  #unsentAt = 0
  #windowBytes = 0
  #sends = 0
  #isOffering = false

  constructor(lane: SenderLane, listener: Pick<CallListener, 'onRoom'>) {
    this.#lane = lane
    this.#session = lane.session
    this.#listener = listener
  }

  /** Whether all has left. */
  get isDone(): boolean {
    return this.#isLast && this.#unsent === undefined
  }

  /** Begins a call; it has no stream before `open`. */
  begin(call: Call, message: Buffer | undefined, isLast: boolean): void {
    this.#isActive = true
    this.#turn++
    this.stream = 0
    this.#isLast = isLast
    this.#lane.head.render(call)
    this.#first = message === undefined ? undefined : this.#encoded(message)
  }

  /** Ends, whatever has left. */
  stop(): void {
    this.#isActive = false
    this.#unsent = undefined
    this.#first = undefined
    this.#keptHead = undefined
  }

  send(message: Buffer, isLast: boolean): void {
    if (!this.#isActive) return
    this.#sends++
    this.#isLast = isLast
    const bytes = this.#encoded(message)
    if (!this.#fits(bytes.length)) {
      this.#hold(bytes)
      this.pump()
      return
    }
    const { pipe } = this.#session
    const at = pipe.reserve(headBytes + prefixBytes + bytes.length)
    this.#writeMessage(pipe.out, at, bytes)
    this.#offerRoom()
  }

  /** There is no stream yet, and another call will write its head where this one has. */
  keep(): void {
    const { head } = this.#lane
    this.#keptHead = Buffer.from(head.bytes.subarray(0, head.length))
  }

  /** There is a stream. */
  open(stream: number): void {
    const { sending, pipe } = this.#session
    this.stream = stream
    this.#windowBytes = sending.streamWindowBytes
    const message = this.#first
    const kept = this.#keptHead
    this.#first = undefined
    this.#keptHead = undefined
    const bytes = kept ?? this.#lane.head.bytes
    const length = kept?.length ?? this.#lane.head.length
    if (
      message !== undefined &&
      this.#fits(message.length) &&
      length - headBytes <= sending.frameLimitBytes
    ) {
      const at = pipe.reserve(length + headBytes + prefixBytes + message.length)
      const { out } = pipe
      if (bytes.length === length) out.set(bytes, at)
      else bytes.copy(out, at, 0, length)
      writeUint32(out, at + 5, stream)
      this.#writeMessage(out, at + length, message)
      this.#offerRoom()
      return
    }
    this.#writeHead(bytes, length, message === undefined)
    if (message === undefined) return
    this.#hold(message)
    this.pump()
  }

  /** Goes on where there was no room. */
  pump(): void {
    const { sending, pipe } = this.#session
    while (this.#unsent !== undefined) {
      const left = this.#unsent.length - this.#unsentAt
      const length = Math.min(left, sending.frameLimitBytes, sending.windowBytes, this.#windowBytes)
      if (length <= 0) {
        sending.block(this)
        return
      }
      const at = pipe.reserve(headBytes + length)
      const flags = this.#isLast && length === left ? flag.endStream : 0
      writeHead(pipe.out, at, length, frameType.data, flags, this.stream)
      this.#unsent.copy(pipe.out, at + headBytes, this.#unsentAt, this.#unsentAt + length)
      this.#unsentAt += length
      this.#spend(length)
      if (length === left) this.#unsent = undefined
    }
    this.#offerRoom()
  }

  /** More room, or less than nothing. @returns Whether that is still a window. */
  addWindow(bytes: number): boolean {
    this.#windowBytes += bytes
    return this.#windowBytes <= largestWindowBytes
  }

  #encoded(message: Buffer): Buffer {
    return this.#lane.compresses ? gzipSync(message) : message
  }

  #offerRoom(): void {
    if (this.#isLast || this.#isOffering) return
    this.#isOffering = true
    const turn = this.#turn
    const untilBytes = this.#windowBytes - turnBytes
    while (this.#isActive && turn === this.#turn && !this.#isLast && this.#unsent === undefined) {
      if (this.#windowBytes <= untilBytes) {
        setImmediate(() => {
          if (turn === this.#turn && this.#isActive) this.#offerRoom()
        })
        break
      }
      const sends = this.#sends
      this.#listener.onRoom()
      if (sends === this.#sends) break
    }
    this.#isOffering = false
  }

  #fits(messageBytes: number): boolean {
    const { sending } = this.#session
    const bytes = prefixBytes + messageBytes
    return (
      this.#unsent === undefined &&
      bytes <= sending.frameLimitBytes &&
      bytes <= sending.windowBytes &&
      bytes <= this.#windowBytes
    )
  }

  #hold(message: Buffer): void {
    const framed = Buffer.allocUnsafe(prefixBytes + message.length)
    this.#writePrefix(framed, 0, message.length)
    message.copy(framed, prefixBytes)
    // in lockstep, an answer may come before the message has left
    const rest = this.#unsent?.subarray(this.#unsentAt)
    this.#unsent = rest === undefined ? framed : Buffer.concat([rest, framed])
    this.#unsentAt = 0
  }

  #writeMessage(out: Buffer, at: number, message: Buffer): void {
    const length = prefixBytes + message.length
    this.#spend(length)
    writeHead(out, at, length, frameType.data, this.#isLast ? flag.endStream : 0, this.stream)
    this.#writePrefix(out, at + headBytes, message.length)
    out.set(message, at + headBytes + prefixBytes)
  }

  #writePrefix(out: Buffer, at: number, length: number): void {
    out[at] = this.#lane.compresses ? 1 : 0
    writeUint32(out, at + 1, length)
  }

  #spend(bytes: number): void {
    this.#session.sending.windowBytes -= bytes
    this.#windowBytes -= bytes
  }

  /** Writes the head alone, in as many frames as it takes. */
  #writeHead(bytes: Buffer, length: number, isEnd: boolean): void {
    const { pipe, sending } = this.#session
    let type: number = frameType.headers
    for (let from = headBytes; from < length; type = frameType.continuation) {
      const part = Math.min(length - from, sending.frameLimitBytes)
      const at = pipe.reserve(headBytes + part)
      const isWhole = from + part === length ? flag.endHeaders : 0
      const isOnly = isEnd && type === frameType.headers ? flag.endStream : 0
      writeHead(pipe.out, at, part, type, isWhole | isOnly, this.stream)
      bytes.copy(pipe.out, at + headBytes, from, from + part)
      from += part
    }
  }
}
