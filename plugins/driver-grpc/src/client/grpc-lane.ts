import type { Call } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import {
  connectivityState as State,
  status as Status,
  type Channel,
  type InterceptingListener,
  type Metadata,
  type StatusObject,
} from '@grpc/grpc-js'
import type { MetadataWriter } from '../payload/metadata.ts'
import { readStatusDetails } from '../wire/status-details.ts'
import { status } from '../wire/status.ts'
import { watchChannel } from './channel.ts'
import type { CallListener, Lane, LaneCall } from './lane.ts'
import type { Client } from './open.ts'

/** A call on a channel; the library exports no name for its type. */
type ChannelCall = ReturnType<Channel['createCall']>

export interface GrpcLaneOptions {
  readonly client: Client
  /** The full name of the method, such as `/shop.v1.Orders/Get`. */
  readonly path: string
  readonly deadlineMs: number | undefined
  /** Called for every call object: what it writes stays as it is while a call lasts. */
  createMetadataWriter(): MetadataWriter
  /** A call that the server has not taken is sent again. */
  readonly onResend: () => void
  /** The connection has ended while no call was on it. */
  readonly onIdleLoss: () => void
}

/** What all calls of a lane share. */
interface Line extends GrpcLaneOptions {
  /** Grows whenever the connection is lost. */
  losses: number
  /** No connection is open now. */
  isGone: boolean
  inFlight: number
  isClosed: boolean
}

/**
 * Carries calls over grpc-js, on its channels but below its stubs, which allocate an error, interceptors and an emitter
 * for every call.
 */
export function createGrpcLane(options: GrpcLaneOptions): Lane {
  const line: Line = { ...options, losses: 0, isGone: false, inFlight: 0, isClosed: false }
  const calls: GrpcCall[] = []
  const noteState = (state: State): void => {
    if (line.isClosed) return
    line.isGone = state !== State.READY
    if (!line.isGone) return
    line.losses++
    if (line.inFlight === 0) options.onIdleLoss()
  }
  // it may have ended since it was opened
  noteState(options.client.channel.getConnectivityState(false))
  watchChannel(options.client.channel, noteState)
  return {
    createCall(listener) {
      const call = new GrpcCall(line, listener)
      calls.push(call)
      return call
    },
    close() {
      line.isClosed = true
      for (const call of calls) call.cancel()
      return options.client.close()
    },
  }
}

const noContext = {}

class GrpcCall implements LaneCall, InterceptingListener {
  readonly #line: Line
  readonly #listener: CallListener
  readonly #writeMetadata: MetadataWriter
  #call: ChannelCall | undefined
  #losses = 0
  #metadata: Metadata | undefined
  #deadline = Infinity
  /** The last message that was sent. */
  #message: Buffer | undefined
  #sent = 0
  #hasEnded = false
  #isResent = false

  constructor(line: Line, listener: CallListener) {
    this.#line = line
    this.#listener = listener
    this.#writeMetadata = line.createMetadataWriter()
  }

  start(call: Call): void {
    const { deadlineMs } = this.#line
    this.#deadline = deadlineMs === undefined ? Infinity : Date.now() + deadlineMs
    this.#metadata = this.#writeMetadata(call)
    this.#message = undefined
    this.#sent = 0
    this.#hasEnded = false
    this.#isResent = false
    this.#line.inFlight++
    this.#open()
  }

  send(message: Buffer, hasMore: boolean): void {
    this.#message = message
    this.#sent++
    const call = this.#call!
    const context = hasMore
      ? {
          callback: () => {
            // a write may complete after its call has ended
            if (this.#call === call) this.#listener.onSent()
          },
        }
      : noContext
    call.sendMessageWithContext(context, message)
  }

  end(): void {
    this.#hasEnded = true
    this.#call!.halfClose()
  }

  cancel(): void {
    this.#call?.cancelWithStatus(Status.CANCELLED, 'the connection was closed')
    this.#call = undefined
  }

  onReceiveMetadata(): void {}

  onReceiveMessage(message: Buffer): void {
    if (this.#line.isClosed) return
    // whether or not there may be another one: it would hold up the status
    this.#call!.startRead()
    this.#listener.onMessage(message)
  }

  onReceiveStatus(received: StatusObject): void {
    if (this.#line.isClosed) return
    if (received.code === Status.OK) {
      this.#finish(status.ok, received.details)
      return
    }
    const { code, details } = toldBy(received)
    if (!maybeLost(code)) {
      this.#finish(code, details)
      return
    }
    // the channel may notice a lost connection a moment later than its calls
    setImmediate(() => {
      const { client, losses, isClosed } = this.#line
      if (isClosed) return
      if (losses === this.#losses && client.channel.getConnectivityState(false) === State.READY)
        this.#finish(code, details)
      else if (isRefused(details) && this.#hasEnded && this.#sent <= 1 && !this.#isResent) this.#resend()
      else {
        this.#call = undefined
        this.#line.inFlight--
        this.#listener.onLost(lossOf(details), !neverLeft.test(details))
      }
    })
  }

  #open(): void {
    const { client, path, losses } = this.#line
    this.#losses = losses
    this.#call = client.channel.createCall(path, this.#deadline, undefined, null, undefined)
    this.#call.start(this.#metadata!, this)
    this.#call.startRead()
  }

  /** What the server has not taken may go to another connection, which grpc-js opens when a call asks for it. */
  #resend(): void {
    this.#isResent = true
    this.#line.onResend()
    this.#open()
    const call = this.#call!
    if (this.#message) call.sendMessageWithContext(noContext, this.#message)
    call.halfClose()
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
function toldBy({ code, details, metadata }: StatusObject): {
  readonly code: number
  readonly details: string
} {
  // grpc-js gives no code for what it cannot decompress
  if ((code as number | undefined) === undefined)
    return {
      code: status.internal,
      details: 'an answer is compressed in a way that it does not say, or that is not known',
    }
  const [bytes] = metadata.get('grpc-status-details-bin')
  const found = Buffer.isBuffer(bytes) ? readStatusDetails(bytes) : undefined
  if (found === undefined) return { code, details }
  const text = details === '' ? found.message : details
  return { code, details: found.details.length === 0 ? text : `${text} (${found.details.join(', ')})`.trim() }
}

/** Statuses that grpc-js also produces itself when a connection breaks. */
function maybeLost(code: number): boolean {
  return code === status.unavailable || code === status.cancelled || code === status.internal
}

/** What grpc-js says of a call for which there was no connection. */
const neverLeft = /^(No connection established|Failed to start HTTP\/2 stream)/

/** The server is going away and has not processed the call. */
function isRefused(details: string): boolean {
  return details.startsWith('Stream refused')
}

function lossOf(details: string): Error {
  const code = isRefused(details)
    ? 'REFUSED_STREAM'
    : (/\b(E[A-Z]{3,})\b/.exec(details)?.[1] ?? 'CONNECTION_CLOSED')
  return errorWithCode(code, details)
}
