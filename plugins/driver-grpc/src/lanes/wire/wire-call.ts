import type { Call } from '@cloudbench/core'
import { statusOfHttp, statusOfReset, type EndStatus } from '../../wire/end-status.ts'
import { errorCode, ProtocolFault } from '../../wire/http2/fault.ts'
import { status } from '../../wire/status.ts'
import type { CallListener, LaneCall } from '../lane.ts'
import type { AnswerHead } from './answer-head.ts'
import { CallSender, type SenderLane } from './call-sender.ts'
import { MessageReader, type MessageReaderOptions } from './message-reader.ts'
import type { Session } from './session.ts'

/** What all calls of a lane share. */
export interface WireLane extends SenderLane, MessageReaderOptions {
  readonly deadlineMs: number | undefined
  /** A call with a deadline has begun. */
  noteDeadline(): void
}

/** One call at a time: what it sends, and how its answer is read. */
export class WireCall implements LaneCall {
  readonly sender: CallSender
  /** When it ends by its deadline. */
  deadlineMs = Infinity
  readonly #lane: WireLane
  readonly #session: Session
  readonly #listener: CallListener
  readonly #messages: MessageReader
  #isActive = false
  /** Counts calls: a listener may begin another. */
  #turn = 0
  /** Data that we have not made room for again. */
  #receivedBytes = 0
  #answer: AnswerHead | undefined

  constructor(lane: WireLane, listener: CallListener) {
    this.#lane = lane
    this.#session = lane.session
    this.#listener = listener
    this.#messages = new MessageReader(lane)
    this.sender = new CallSender(lane, listener)
  }

  /** 0 while there is none. */
  get stream(): number {
    return this.sender.stream
  }

  start(call: Call, message: Buffer | undefined, isLast: boolean): void {
    const { deadlineMs } = this.#lane
    this.#isActive = true
    this.#turn++
    this.#answer = undefined
    this.#receivedBytes = 0
    if (deadlineMs !== undefined) {
      this.deadlineMs = performance.now() + deadlineMs
      this.#lane.noteDeadline()
    }
    this.sender.begin(call, message, isLast)
    this.#session.begin(this)
  }

  send(message: Buffer, isLast: boolean): void {
    this.sender.send(message, isLast)
  }

  onHeaders(bytes: Buffer, from: number, to: number, isEnd: boolean): void {
    const { heads, trailers } = this.#session
    let head: AnswerHead
    try {
      head = (this.#answer === undefined ? heads : trailers).read(bytes, from, to)
    } catch (error) {
      if (!(error instanceof ProtocolFault) || !error.endsCallOnly) throw error
      this.#refuse(error.message, error.sent)
      return
    }
    if (isEnd) this.#finish(head.end ?? endWithoutStatus(this.#answer ?? head))
    else if (this.#answer !== undefined) this.#refuse('trailers that are not the end')
    // an interim one is followed by another
    else if (head.httpStatus! >= 200) this.#answer = head
  }

  /** @param length Of the whole frame, with its padding. */
  onData(bytes: Buffer, from: number, to: number, length: number, isEnd: boolean): void {
    const answer = this.#answer
    if (answer === undefined) {
      this.#refuse('data before a head')
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
      this.#finish(endWithoutStatus(answer))
      return
    }
    this.#receivedBytes += length
    if (this.#receivedBytes <= this.#session.receiveWindowBytes / 2) return
    this.#session.makeRoom(this.stream, this.#receivedBytes)
    this.#receivedBytes = 0
  }

  onReset(code: number, isLeaving: boolean): void {
    const answer = this.#answer
    if (code === errorCode.refusedStream && isLeaving) this.#session.refuse(this)
    else
      this.#end(
        code === errorCode.none && answer !== undefined ? endWithoutStatus(answer) : statusOfReset(code),
      )
  }

  onWindowUpdate(bytes: number): void {
    if (bytes === 0) this.#refuse('a window that grows by nothing')
    else if (this.sender.addWindow(bytes)) {
      this.#session.sending.unblock(this.sender)
      this.sender.pump()
    } else this.#refuse('a window that is too large', errorCode.flowControl)
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
    this.#messages.reset()
    this.sender.stop()
  }

  /** The server breaks a rule that is only about this call. */
  #refuse(what: string, sent: number = errorCode.protocol): void {
    const code = sent === errorCode.enhanceYourCalm ? status.resourceExhausted : status.internal
    this.#cut({ code, details: `the server breaks HTTP/2: ${what}` }, sent)
  }

  /** The server has said all. */
  #finish(end: EndStatus): void {
    // it does not want what is left
    if (!this.sender.isDone) this.#session.reset(this.stream, errorCode.none)
    this.#end(end)
  }

  /** Ends before the server has said all. */
  #cut(end: EndStatus, sent: number): void {
    if (this.stream !== 0) this.#session.reset(this.stream, sent)
    this.#end(end)
  }

  #end({ code, details }: EndStatus): void {
    this.#session.release(this)
    this.drop()
    this.#listener.onEnd(code, details)
    this.#session.settle()
  }
}

function endWithoutStatus({ httpStatus, isGrpc, contentType = '(none)' }: AnswerHead): EndStatus {
  if (httpStatus !== 200) return statusOfHttp(httpStatus!)
  if (isGrpc) return statusOfReset(errorCode.none)
  const { details } = statusOfHttp(httpStatus)
  return { code: status.unknown, details: `${details} with content-type ${contentType}, which is not gRPC` }
}
