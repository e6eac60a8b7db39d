import { connectionClosed, errorWithCode } from '@cloudbench/driver-kit'
import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import { FrameReader } from '../../wire/http2/frame-reader.ts'
import {
  flag,
  frame,
  frameType,
  headBytes,
  preface,
  readUint31,
  readUint32,
  setting,
  settingsPayload,
  uint32Payload,
  writeHead,
  writeUint32,
} from '../../wire/http2/frames.ts'
import { AnswerHeads, headLimitBytes } from './answer-head.ts'
import { FloodGuard } from './flood-guard.ts'
import { assertConnection, assertLength, goAway, leavingError } from './frame-rules.ts'
import { HeaderBlocks } from './header-blocks.ts'
import type { Pipe } from './pipe.ts'
import { SendState } from './send-state.ts'
import { Streams } from './streams.ts'
import type { WireCall } from './wire-call.ts'

/** What a server may send before we say that there is room for more: what is read is used at once, so there always is. */
const defaultWindowBytes = 2 ** 30

export interface SessionOptions {
  /** Calls that may be in flight at once. */
  readonly streams: number
  readonly receiveWindowBytes?: number
  /** The server has said what HTTP/2 begins with. */
  readonly onSettled: () => void
  /** The connection is of no more use, and all calls have ended. */
  readonly onLost: (error: Error) => void
}

/** One connection of HTTP/2 as gRPC needs it: reads frames, and keeps count of streams and windows. */
export class Session {
  readonly pipe: Pipe
  readonly sending: SendState
  readonly receiveWindowBytes: number
  readonly heads: AnswerHeads = new AnswerHeads(false)
  readonly trailers: AnswerHeads = new AnswerHeads(true)
  readonly #options: SessionOptions
  readonly #streams: Streams
  readonly #reader: FrameReader
  readonly #blocks: HeaderBlocks
  readonly #flood = new FloodGuard()
  /** Calls that no stream can be opened for yet. */
  #waiting: WireCall[] = []
  /** Calls that a server which is leaving has not processed. */
  #refused: WireCall[] = []
  /** Data that we have not made room for again. */
  #receivedBytes = 0
  #isSettled = false
  /** Why the server is leaving. */
  #leaving: Error | undefined
  #failure: Error | undefined

  constructor(pipe: Pipe, options: SessionOptions) {
    this.pipe = pipe
    this.#options = options
    this.receiveWindowBytes = options.receiveWindowBytes ?? defaultWindowBytes
    this.#streams = new Streams(options.streams)
    this.sending = new SendState(this.#streams)
    this.#blocks = new HeaderBlocks((flags, stream, bytes, from, to) =>
      this.#takeBlock(flags, stream, bytes, from, to),
    )
    this.#reader = new FrameReader((type, flags, stream, bytes, from, to) =>
      this.#take(type, flags, stream, bytes, from, to),
    )
  }

  /** Says what HTTP/2 begins with. */
  start(): void {
    const settings = settingsPayload([
      [setting.headerTableSize, 0],
      [setting.enablePush, 0],
      [setting.initialWindowSize, this.receiveWindowBytes],
      [setting.maxHeaderListSize, headLimitBytes],
    ])
    this.pipe.write(Buffer.concat([preface, frame(frameType.settings, 0, 0, settings)]))
    const more = this.receiveWindowBytes - 65_535
    if (more > 0) this.pipe.write(frame(frameType.windowUpdate, 0, 0, uint32Payload(more)))
  }

  /** Takes what was read; good during the call only. */
  read(bytes: Buffer, length: number): void {
    if (this.#failure !== undefined) return
    try {
      this.#reader.read(bytes, length)
    } catch (error) {
      if (!(error instanceof ProtocolFault)) throw error
      this.#end(errorWithCode('INVALID_RESPONSE', `the server breaks HTTP/2: ${error.message}`), error.sent)
    }
  }

  /** Why calls cannot be made any more. */
  get failure(): Error | undefined {
    return this.#failure
  }

  /** Opens the stream of a call, or has it wait for one. */
  begin(call: WireCall): void {
    if (this.#waiting.length === 0 && this.#hasStream) this.#open(call)
    else {
      call.sender.keep()
      this.#waiting.push(call)
    }
  }

  /** A call is about to end: its stream, if it has one, is free. */
  release(call: WireCall): void {
    if (call.stream === 0) {
      this.#waiting = this.#waiting.filter((one) => one !== call)
      return
    }
    this.#streams.close(call.stream)
    this.sending.unblock(call.sender)
  }

  /** A call has ended, and its listener has heard of it. */
  settle(): void {
    if (this.#waiting.length > 0) this.#openWaiting()
    if (this.#leaving !== undefined && this.#streams.count === 0) this.#end(this.#leaving)
  }

  get #hasStream(): boolean {
    const { count } = this.#streams
    return this.#leaving === undefined && count < this.sending.maxStreams && !this.#streams.isFull
  }

  /** The connection has ended. */
  closed(error: Error): void {
    this.#end(this.#leaving ?? error)
  }

  /** Ends calls without a word. */
  abandon(error: Error): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    for (const call of this.#streams.all()) call.drop()
    for (const call of [...this.#waiting, ...this.#refused]) call.drop()
    this.pipe.write(goAway(errorCode.none))
    this.pipe.end()
  }

  reset(stream: number, code: number): void {
    this.pipe.write(frame(frameType.rstStream, 0, stream, uint32Payload(code)))
  }

  makeRoom(stream: number, bytes: number): void {
    const at = this.pipe.reserve(headBytes + 4)
    const { out } = this.pipe
    writeHead(out, at, 4, frameType.windowUpdate, 0, stream)
    writeUint32(out, at + headBytes, bytes)
  }

  #take(type: number, flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    // the rest of a block, after a fault of its call
    if (this.#failure !== undefined) return
    if (!this.#isSettled && type !== frameType.settings)
      throw new ProtocolFault('it does not begin with settings')
    if (this.#blocks.stream !== 0 && type !== frameType.continuation)
      throw new ProtocolFault(`a frame of type ${type} inside a header block`)
    if (type === frameType.data) this.#takeData(flags, stream, bytes, from, to)
    else if (type === frameType.headers) this.#blocks.begin(flags, stream, bytes, from, to)
    else {
      this.#flood.count()
      this.#takeControl(type, flags, stream, bytes, from, to)
    }
  }

  #takeControl(type: number, flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    switch (type) {
      case frameType.settings:
        this.#takeSettings(flags, stream, bytes, from, to)
        break
      case frameType.continuation:
        this.#blocks.go(flags, stream, bytes, from, to)
        break
      case frameType.rstStream:
        assertLength(type, to - from, 4)
        this.#callOf(stream)?.onReset(readUint32(bytes, from), this.#leaving !== undefined)
        break
      case frameType.windowUpdate:
        assertLength(type, to - from, 4)
        this.#takeWindowUpdate(stream, readUint31(bytes, from))
        break
      case frameType.ping:
        assertConnection(type, stream)
        assertLength(type, to - from, 8)
        if ((flags & flag.ack) === 0)
          this.pipe.write(frame(frameType.ping, flag.ack, 0, bytes.subarray(from, to)))
        break
      case frameType.goAway:
        assertConnection(type, stream)
        if (to - from < 8) assertLength(type, to - from, 8)
        this.#leave(leavingError(bytes, from, to), readUint31(bytes, from))
        break
      case frameType.pushPromise:
        throw new ProtocolFault('a push, which it was told not to make')
      case frameType.priority:
        if (stream === 0) throw new ProtocolFault('a priority of the connection')
        break
      // others are for those who know them
      default:
    }
  }

  #takeData(flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    const length = to - from
    this.#receivedBytes += length
    if (this.#receivedBytes > this.receiveWindowBytes / 2) {
      this.makeRoom(0, this.#receivedBytes)
      this.#receivedBytes = 0
    }
    const call = this.#callOf(stream)
    if ((flags & flag.padded) !== 0) {
      if (length === 0) assertLength(frameType.data, 0, 1)
      to -= bytes[from]!
      if (to <= from) throw new ProtocolFault('a frame with more padding than it is long')
      from++
    }
    if (call === undefined) return
    const isLast = (flags & flag.endStream) !== 0
    // a flood of frames without anything in them
    if (from === to && !isLast) this.#flood.count()
    else this.#flood.reset()
    call.onData(bytes, from, to, length, isLast)
  }

  #takeBlock(flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    const call = this.#callOf(stream)
    if (call === undefined) {
      this.#flood.count()
      return
    }
    this.#flood.reset()
    call.onHeaders(bytes, from, to, (flags & flag.endStream) !== 0)
  }

  #takeSettings(flags: number, stream: number, bytes: Buffer, from: number, to: number): void {
    assertConnection(frameType.settings, stream)
    const isAck = (flags & flag.ack) !== 0
    if ((to - from) % 6 !== 0 || (isAck && to > from)) assertLength(frameType.settings, to - from, 0)
    if (isAck) {
      if (!this.#isSettled) throw new ProtocolFault('it does not begin with settings')
      return
    }
    this.sending.set(bytes, from, to)
    this.pipe.write(frame(frameType.settings, flag.ack, 0))
    this.sending.pump()
    this.#openWaiting()
    if (this.#isSettled) return
    this.#isSettled = true
    this.#options.onSettled()
  }

  #takeWindowUpdate(stream: number, bytes: number): void {
    if (stream === 0) {
      this.sending.add(bytes)
      this.sending.pump()
    } else this.#callOf(stream)?.onWindowUpdate(bytes)
  }

  /** The call of a stream; `undefined` after its end. */
  #callOf(stream: number): WireCall | undefined {
    const call = this.#streams.find(stream)
    if (call === undefined && !this.#streams.knows(stream))
      throw new ProtocolFault(`a frame of stream ${stream}, which was not opened`)
    return call
  }

  #open(call: WireCall): void {
    call.sender.open(this.#streams.open(call))
    if (this.#streams.isUsedUp) this.#leave(connectionClosed('the connection has no ids left'), Infinity)
  }

  #openWaiting(): void {
    while (this.#waiting.length > 0 && this.#hasStream) this.#open(this.#waiting.shift()!)
  }

  /** What the server has not processed goes back to the host, once what it still answers is there. */
  #leave(error: Error, lastStream: number): void {
    this.#leaving ??= error
    for (const call of this.#streams.all())
      if (call.stream > lastStream) {
        this.release(call)
        this.#refused.push(call)
      }
    this.settle()
  }

  /** A call that the server has refused because it is leaving. */
  refuse(call: WireCall): void {
    this.release(call)
    this.#refused.push(call)
    this.settle()
  }

  #end(error: Error, code: number = errorCode.none): void {
    if (this.#failure !== undefined) return
    this.#failure = error
    this.pipe.write(goAway(code))
    this.pipe.end()
    const calls = this.#streams.all()
    // those that go back to the host must do so before others fail with the connection
    for (const call of [...this.#refused, ...this.#waiting]) call.lose(error, false)
    for (const call of calls) call.lose(error, true)
    this.#options.onLost(error)
  }
}
