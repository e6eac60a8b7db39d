import { gzipSync } from 'node:zlib'
import type { Call } from '@cloudbench/core'
import { statusOfHttp, statusOfReset, type EndStatus } from '../../wire/end-status.ts'
import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import {
  flag,
  frameType,
  headBytes,
  largestWindowBytes,
  writeHead,
  writeUint32,
} from '../../wire/http2/frames.ts'
import { status } from '../../wire/status.ts'
import type { CallListener, LaneCall } from '../lane.ts'
import type { AnswerHead } from './answer-head.ts'
import { MessageReader, prefixBytes } from './message-reader.ts'
import { RequestHead } from './request-head.ts'
import type { Session } from './session.ts'

/** What a call may send in one turn, so that answers are read in between. */
const turnBytes = 65_536

/** What all calls of a lane share. */
export interface WireLane {
  readonly session: Session
  readonly head: RequestHead
  readonly compresses: boolean
  readonly limitBytes: number
  readonly keepsMessages: boolean
  readonly deadlineMs: number | undefined
  /** A call with a deadline has begun. */
  noteDeadline(): void
}

/** One call at a time: its stream, what it still has to send, and what it reads. */
export class WireCall implements LaneCall {
  /** 0 while there is none. */
  stream = 0
  /** When it ends by its deadline. */
  deadlineMs = Infinity
  readonly #lane: WireLane
  readonly #session: Session
  readonly #listener: CallListener
  readonly #messages: MessageReader
  #isActive = false
  /** Counts calls, for what is put off. */
  #turn = 0
  /** Framed messages that have not left, and how far they have. */
  #unsent: Buffer | undefined
  #unsentAt = 0
  #isLast = false
  /** The head of a call that waits for a stream. */
  #keptHead: Buffer | undefined
  #windowBytes = 0
  #receivedBytes = 0
  #answer: AnswerHead | undefined
  #sends = 0
  #isOffering = false

  constructor(lane: WireLane, listener: CallListener) {
    this.#lane = lane
    this.#session = lane.session
    this.#listener = listener
    this.#messages = new MessageReader(lane)
  }

  get isActive(): boolean {
    return this.#isActive
  }

  start(call: Call, message: Buffer | undefined, isLast: boolean): void {
    const { session, head, deadlineMs, compresses } = this.#lane
    this.#isActive = true
    this.#turn++
    this.stream = 0
    this.#isLast = isLast
    this.#answer = undefined
    this.#receivedBytes = 0
    this.#messages.reset()
    head.render(call)
    if (deadlineMs !== undefined) {
      this.deadlineMs = performance.now() + deadlineMs
      this.#lane.noteDeadline()
    }
    this.#first = message !== undefined && compresses ? gzipSync(message) : message
    session.begin(this)
  }

  /** The first message, until there is a stream. */
  #first: Buffer | undefined

  send(message: Buffer, isLast: boolean): void {
    if (!this.#isActive) return
    this.#sends++
    this.#isLast = isLast
    const bytes = this.#lane.compresses ? gzipSync(message) : message
    if (this.stream === 0 || !this.#fits(bytes.length)) {
      this.#hold(bytes)
      if (this.stream !== 0) this.pump()
      return
    }
    const { pipe } = this.#session
    const at = pipe.reserve(headBytes + prefixBytes + bytes.length)
    this.#writeMessage(pipe.out, at, bytes)
    if (!isLast) this.#offerRoom()
  }

  /** There is no stream yet: another call will write its head where this one has. */
  keep(): void {
    const { head } = this.#lane
    this.#keptHead = Buffer.from(head.bytes.subarray(0, head.length))
  }

  /** There is a stream. */
  open(stream: number): void {
    this.stream = stream
    this.#windowBytes = this.#session.sending.streamWindowBytes
    const message = this.#first
    this.#first = undefined
    const kept = this.#keptHead
    this.#keptHead = undefined
    const { bytes, length } = kept === undefined ? this.#lane.head : { bytes: kept, length: kept.length }
    if (message !== undefined && this.#fits(message.length) && this.#headFits(length)) {
      const { pipe } = this.#session
      const at = pipe.reserve(length + headBytes + prefixBytes + message.length)
      const { out } = pipe
      copyHead(out, at, bytes, length, stream)
      this.#writeMessage(out, at + length, message)
    } else {
      this.#writeHead(bytes, length, message === undefined)
      if (message !== undefined) {
        this.#hold(message)
        this.pump()
        return
      }
    }
    if (!this.#isLast) this.#offerRoom()
  }

  /** Goes on sending where there was no room. */
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
      const isEnd = this.#isLast && length === left
      writeHead(pipe.out, at, length, frameType.data, isEnd ? flag.endStream : 0, this.stream)
      this.#unsent.copy(pipe.out, at + headBytes, this.#unsentAt, this.#unsentAt + length)
      this.#unsentAt += length
      sending.windowBytes -= length
      this.#windowBytes -= length
      if (length === left) this.#unsent = undefined
    }
    if (!this.#isLast) this.#offerRoom()
  }

  onHeaders(bytes: Buffer, from: number, to: number, isEnd: boolean): void {
    const { heads, trailers } = this.#session
    let head: AnswerHead
    try {
      head = (this.#answer === undefined ? heads : trailers).read(bytes, from, to)
    } catch (error) {
      if (!(error instanceof ProtocolFault) || !error.endsCallOnly) throw error
      const code = error.sent === errorCode.enhanceYourCalm ? status.resourceExhausted : status.internal
      this.#cut({ code, details: `the server breaks HTTP/2: ${error.message}` }, error.sent)
      return
    }
    if (isEnd) {
      this.#finish(head.end ?? this.#endWithoutStatus(this.#answer ?? head))
      return
    }
    if (this.#answer !== undefined)
      this.#cut(
        { code: status.internal, details: 'the server breaks HTTP/2: trailers that are not the end' },
        errorCode.protocol,
      )
    // an interim one is followed by another
    else if (head.httpStatus! >= 200) this.#answer = head
  }

  /** @param length Of the whole frame, with its padding. */
  onData(bytes: Buffer, from: number, to: number, length: number, isEnd: boolean): void {
    const answer = this.#answer
    if (answer === undefined) {
      this.#cut(
        { code: status.internal, details: 'the server breaks HTTP/2: data before a head' },
        errorCode.protocol,
      )
      return
    }
    if (answer.isGrpc && from < to) {
      const turn = this.#turn
      const fault = this.#messages.read(bytes, from, to, answer.encoding, this.#listener)
      // a listener may have closed everything
      if (!this.#isActive || turn !== this.#turn) return
      if (fault !== undefined) {
        this.#cut(fault, errorCode.cancel)
        return
      }
    }
    if (isEnd) {
      this.#finish(this.#endWithoutStatus(answer))
      return
    }
    this.#receivedBytes += length
    if (this.#receivedBytes <= this.#session.receiveWindowBytes / 2) return
    this.#session.makeRoom(this.stream, this.#receivedBytes)
    this.#receivedBytes = 0
  }

  onReset(code: number, isLeaving: boolean): void {
    if (code === errorCode.refusedStream && isLeaving) {
      this.#session.refuse(this)
      return
    }
    const hasHttpFault = code === errorCode.none && this.#answer !== undefined && !this.#answer.isGrpc
    this.#end(hasHttpFault ? this.#endWithoutStatus(this.#answer) : statusOfReset(code))
  }

  onWindowUpdate(bytes: number): void {
    if (bytes === 0)
      this.#cut(
        { code: status.internal, details: 'the server breaks HTTP/2: a window that grows by nothing' },
        errorCode.protocol,
      )
    else this.addWindow(bytes, false)
  }

  /** @param isSetting Whether the server has changed the windows of all streams. */
  addWindow(bytes: number, isSetting: boolean): void {
    this.#windowBytes += bytes
    if (this.#windowBytes > largestWindowBytes) {
      const what = 'a window that is too large'
      if (isSetting) throw new ProtocolFault(what, errorCode.flowControl)
      this.#cut(
        { code: status.internal, details: `the server breaks HTTP/2: ${what}` },
        errorCode.flowControl,
      )
    } else if (!isSetting && this.#unsent !== undefined) {
      this.#session.sending.unblock(this)
      this.pump()
    }
  }

  /** Ends by its deadline, wherever it is. */
  expire(): void {
    this.#cut({ code: status.deadlineExceeded, details: 'Deadline exceeded' }, errorCode.cancel)
  }

  /** The connection is dead. */
  lose(error: Error, hasLeft: boolean): void {
    if (!this.#isActive) return
    this.drop()
    this.#listener.onLost(error, hasLeft)
  }

  /** Ends without a word. */
  drop(): void {
    this.#isActive = false
    this.deadlineMs = Infinity
    this.#unsent = undefined
    this.#first = undefined
    this.#keptHead = undefined
    this.#messages.reset()
  }

  /** The server has said all. */
  #finish(end: EndStatus): void {
    // it does not want what is left
    if (!this.#isLast || this.#unsent !== undefined) this.#session.reset(this.stream, errorCode.none)
    this.#end(end)
  }

  /** Ends before the server has said all. */
  #cut(end: EndStatus, code: number): void {
    if (this.stream !== 0) this.#session.reset(this.stream, code)
    this.#end(end)
  }

  #end({ code, details }: EndStatus): void {
    this.#session.release(this)
    this.#isActive = false
    this.deadlineMs = Infinity
    this.#unsent = undefined
    this.#first = undefined
    this.#keptHead = undefined
    this.#listener.onEnd(code, details)
    this.#session.settle()
  }

  #endWithoutStatus(head: AnswerHead | undefined): EndStatus {
    if (head?.httpStatus !== undefined && head.httpStatus !== 200) return statusOfHttp(head.httpStatus)
    if (head !== undefined && !head.isGrpc)
      return {
        code: status.unknown,
        details: `Received HTTP status code 200 with content-type ${head.contentType ?? '(none)'}, which is not gRPC`,
      }
    return statusOfReset(errorCode.none)
  }

  #offerRoom(): void {
    if (this.#isOffering) return
    this.#isOffering = true
    const turn = this.#turn
    const untilWindow = this.#windowBytes - turnBytes
    while (this.#isActive && turn === this.#turn && !this.#isLast && this.#unsent === undefined) {
      const sends = this.#sends
      if (this.#windowBytes <= untilWindow) {
        setImmediate(() => {
          if (turn === this.#turn && this.#isActive) this.#offerRoom()
        })
        break
      }
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

  #headFits(length: number): boolean {
    return length - headBytes <= this.#session.sending.frameLimitBytes
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
    const { sending } = this.#session
    const length = prefixBytes + message.length
    sending.windowBytes -= length
    this.#windowBytes -= length
    writeHead(out, at, length, frameType.data, this.#isLast ? flag.endStream : 0, this.stream)
    this.#writePrefix(out, at + headBytes, message.length)
    out.set(message, at + headBytes + prefixBytes)
  }

  #writePrefix(out: Buffer, at: number, length: number): void {
    out[at] = this.#lane.compresses ? 1 : 0
    writeUint32(out, at + 1, length)
  }

  /** Writes the head alone, in as many frames as it takes. */
  #writeHead(bytes: Buffer, length: number, isEnd: boolean): void {
    const { pipe, sending } = this.#session
    let type: number = frameType.headers
    for (let from = headBytes; from < length;) {
      const part = Math.min(length - from, sending.frameLimitBytes)
      const at = pipe.reserve(headBytes + part)
      const flags =
        (from + part === length ? flag.endHeaders : 0) |
        (isEnd && type === frameType.headers ? flag.endStream : 0)
      writeHead(pipe.out, at, part, type, flags, this.stream)
      bytes.copy(pipe.out, at + headBytes, from, from + part)
      from += part
      type = frameType.continuation
    }
  }
}

function copyHead(out: Buffer, at: number, bytes: Buffer, length: number, stream: number): void {
  if (bytes.length === length) out.set(bytes, at)
  else bytes.copy(out, at, 0, length)
  writeUint32(out, at + 5, stream)
}
