import type { Call } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import {
  connectivityState as State,
  status as Status,
  type CallOptions,
  type Client as Stub,
  type Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js'
import { unknownCompression, withDetails, type EndStatus } from '../../wire/end-status.ts'
import type { Method } from '../../wire/method.ts'
import { status } from '../../wire/status.ts'
import { brokenBy } from '../../workloads/exchange.ts'
import type { CallListener, LaneCall } from '../lane.ts'
import type { MetadataWriter } from './metadata.ts'

/** What all calls on a channel share. */
export interface Line {
  readonly stub: Stub
  /** Grows whenever the connection is lost. */
  losses: number
  /** No connection is open now. */
  isGone: boolean
  inFlight: number
  isClosed: boolean
  readonly onIdleLoss: () => void
}

export interface StubCallOptions {
  readonly method: Pick<Method, 'path' | 'kind'>
  readonly deadlineMs: number | undefined
  readonly writeMetadata: MetadataWriter
  readonly listener: CallListener
}

/** What a stub hands out for a call, as far as messages are written to it. */
interface Writable {
  write(message: Buffer, sent?: () => void): unknown
  end(): void
}

/** The same, where messages are read from it. */
interface Readable {
  cancel(): void
  on(event: 'data', take: (message: Buffer) => void): unknown
  on(event: 'status', take: (end: StatusObject) => void): unknown
  on(event: 'error' | 'end', take: () => void): unknown
}

const sameBytes = (bytes: Buffer): Buffer => bytes

/** Makes one call after another by stub. Messages are handed over as they go out, and come as they are. */
export class StubCall implements LaneCall {
  readonly #line: Line
  readonly #options: StubCallOptions
  readonly #listener: CallListener
  #call: { cancel(): void } | undefined
  #requests: Writable | undefined
  #losses = 0

  constructor(line: Line, options: StubCallOptions) {
    this.#line = line
    this.#options = options
    this.#listener = options.listener
  }

  start(call: Call, message: Buffer | undefined, isLast: boolean): void {
    const { deadlineMs, writeMetadata } = this.#options
    this.#line.inFlight++
    this.#losses = this.#line.losses
    const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs }
    const requests = this.#open(message, writeMetadata(call), options)
    this.#requests = requests
    if (requests === undefined) return
    if (message === undefined) requests.end()
    else this.send(message, isLast)
  }

  send(message: Buffer, isLast: boolean): void {
    const requests = this.#requests!
    if (isLast) {
      requests.write(message)
      requests.end()
    } else
      requests.write(message, () => {
        // a write may complete after its call has ended
        if (this.#requests === requests && this.#call !== undefined) this.#listener.onRoom()
      })
  }

  cancel(): void {
    this.#call?.cancel()
    this.#call = undefined
  }

  /** @returns What other messages are written to, where there may be others. */
  #open(message: Buffer | undefined, metadata: Metadata, options: CallOptions): Writable | undefined {
    const { stub } = this.#line
    const { path, kind } = this.#options.method
    const both = sameBytes
    if (kind === 'unary') {
      this.#call = stub.makeUnaryRequest(path, both, both, message!, metadata, options, this.#takeAnswer)
      return undefined
    }
    if (kind === 'client_streaming') {
      const call = stub.makeClientStreamRequest(path, both, both, metadata, options, this.#takeAnswer)
      this.#call = call
      return call
    }
    if (kind === 'server_streaming') {
      const call = stub.makeServerStreamRequest(path, both, both, message!, metadata, options)
      this.#listen(call)
      return undefined
    }
    const call = stub.makeBidiStreamRequest(path, both, both, metadata, options)
    this.#listen(call)
    return call
  }

  readonly #takeAnswer = (error: ServiceError | null, message?: Buffer): void => {
    if (this.#line.isClosed) return
    if (error !== null) {
      this.#fail(error)
      return
    }
    this.#listener.onMessage(message!.length, message)
    this.#finish(status.ok, '')
  }

  #listen(call: Readable): void {
    this.#call = call
    let end: StatusObject | undefined
    let hasEnded = false
    let isTold = false
    const isOver = (): boolean => isTold || this.#call !== call || this.#line.isClosed
    const finish = (): void => {
      if (isOver() || end === undefined || (end.code === Status.OK && !hasEnded)) return
      isTold = true
      if (end.code === Status.OK) this.#finish(status.ok, end.details)
      else this.#fail(end)
    }
    call.on('data', (message) => {
      if (!isOver()) this.#listener.onMessage(message.length, message)
    })
    call.on('end', () => {
      hasEnded = true
      finish()
    })
    // told by the status as well
    call.on('error', () => {})
    call.on('status', (received) => {
      end = received
      finish()
    })
  }

  #fail(received: StatusObject): void {
    const { code, details } = toldBy(received)
    const isRefused = details.startsWith('Stream refused')
    if (!maybeLost(code) || isRefused) {
      this.#finish(code, details)
      return
    }
    // the channel may notice a lost connection a moment later than its calls
    setImmediate(() => {
      const { stub, losses, isClosed } = this.#line
      if (isClosed) return
      if (losses === this.#losses && stub.getChannel().getConnectivityState(false) === State.READY)
        this.#finish(code, details)
      else {
        this.#call = undefined
        this.#line.inFlight--
        this.#listener.onLost(lossOf(details), !neverLeft.test(details))
      }
    })
  }

  #finish(code: number, details: string): void {
    const line = this.#line
    this.#call = undefined
    line.inFlight--
    this.#listener.onEnd(code, details)
    // a leaving server has answered its last call, and no other has asked for a new connection
    if (line.isGone && line.inFlight === 0 && !line.isClosed) line.onIdleLoss()
  }
}

/** What grpc-js tells of a call that failed, and what the server has put beside its status. */
function toldBy({ code, details, metadata }: StatusObject): EndStatus {
  // grpc-js gives no code for what it cannot decompress
  if ((code as number | undefined) === undefined)
    return { code: status.internal, details: unknownCompression }
  // an answer that is OK and has no message, or several
  if (code === Status.UNIMPLEMENTED && details === 'No message received')
    return { code: status.internal, details: brokenBy(0) }
  if (code === Status.UNIMPLEMENTED && details === 'Too many responses received')
    return { code: status.internal, details: brokenBy(2) }
  const [bytes] = metadata.get('grpc-status-details-bin')
  return withDetails({ code, details, bytes: Buffer.isBuffer(bytes) ? bytes : undefined })
}

/** Statuses that grpc-js also produces itself when a connection breaks. */
function maybeLost(code: number): boolean {
  return code === status.unavailable || code === status.cancelled || code === status.internal
}

/** What grpc-js says of a call for which there was no connection. */
const neverLeft = /^(No connection established|Failed to start HTTP\/2 stream)/

function lossOf(details: string): Error {
  return errorWithCode(/\b(E[A-Z]{3,})\b/.exec(details)?.[1] ?? 'CONNECTION_CLOSED', details)
}
