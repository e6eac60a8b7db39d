import type { Call } from '@cloudbench/core'
import { errorWithCode } from '@cloudbench/driver-kit'
import {
  connectivityState as State,
  status as Status,
  type Channel,
  type InterceptingListener,
  type StatusObject,
} from '@grpc/grpc-js'
import type { MetadataWriter } from '../payload/metadata.ts'
import { status } from '../wire/status.ts'
import { watchChannel } from './channel.ts'
import type { CallListener, Lane, LaneCall } from './lane.ts'

/** A call on a channel; the library exports no name for its type. */
type ChannelCall = ReturnType<Channel['createCall']>

export interface GrpcLaneOptions {
  readonly channel: Channel
  /** The full name of the method, such as `/shop.v1.Orders/Get`. */
  readonly path: string
  readonly deadlineMs: number | undefined
  readonly writeMetadata: MetadataWriter
  /** The library has reopened the connection, as it does when a server closes an idle one. */
  readonly onReopen: () => void
  /** The connection has ended while no call was on it. */
  readonly onIdleLoss: () => void
}

/** What all calls of a lane share. */
interface Line extends GrpcLaneOptions {
  /** Grows whenever the connection is lost. */
  losses: number
  inFlight: number
  isClosed: boolean
}

/**
 * Carries calls over grpc-js, on its channels but below its stubs, which allocate an error, interceptors and an emitter
 * for every call.
 */
export function createGrpcLane(options: GrpcLaneOptions): Lane {
  const line: Line = { ...options, losses: 0, inFlight: 0, isClosed: false }
  const calls: GrpcCall[] = []
  watchChannel(options.channel, (state) => {
    if (line.isClosed) return
    if (state === State.READY) options.onReopen()
    else {
      line.losses++
      if (line.inFlight === 0) options.onIdleLoss()
    }
  })
  return {
    createCall(listener) {
      const call = new GrpcCall(line, listener)
      calls.push(call)
      return call
    },
    close() {
      line.isClosed = true
      for (const call of calls) call.cancel()
      options.channel.close()
    },
  }
}

const noContext = {}

class GrpcCall implements LaneCall, InterceptingListener {
  readonly #line: Line
  readonly #listener: CallListener
  #call: ChannelCall | undefined
  #losses = 0

  constructor(line: Line, listener: CallListener) {
    this.#line = line
    this.#listener = listener
  }

  start(call: Call): void {
    const { channel, path, deadlineMs, writeMetadata, losses } = this.#line
    const deadline = deadlineMs === undefined ? Infinity : Date.now() + deadlineMs
    this.#losses = losses
    this.#line.inFlight++
    this.#call = channel.createCall(path, deadline, undefined, null, undefined)
    this.#call.start(writeMetadata(call), this)
  }

  send(message: Buffer, hasMore: boolean): void {
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
    this.#call!.halfClose()
  }

  read(): void {
    this.#call!.startRead()
  }

  cancel(): void {
    this.#call?.cancelWithStatus(Status.CANCELLED, 'the connection was closed')
    this.#call = undefined
  }

  onReceiveMetadata(): void {}

  onReceiveMessage(message: Buffer): void {
    if (!this.#line.isClosed) this.#listener.onMessage(message)
  }

  onReceiveStatus({ code, details }: StatusObject): void {
    if (this.#line.isClosed) return
    if (!maybeLost(code)) {
      this.#finish(code, details)
      return
    }
    // the channel may notice a lost connection a moment later than its calls
    setImmediate(() => {
      const { channel, losses, isClosed } = this.#line
      if (isClosed) return
      if (losses === this.#losses && channel.getConnectivityState(false) === State.READY)
        this.#finish(code, details)
      else {
        this.#call = undefined
        this.#line.inFlight--
        this.#listener.onLost(lossOf(details))
      }
    })
  }

  #finish(code: number, details: string): void {
    this.#call = undefined
    this.#line.inFlight--
    this.#listener.onEnd(code, details)
  }
}

/** Statuses that grpc-js also produces itself when a connection breaks. */
function maybeLost(code: number): boolean {
  return code === status.unavailable || code === status.cancelled || code === status.internal
}

function lossOf(details: string): Error {
  // the server is going away and has not processed the call
  const isRefused = details.startsWith('Stream refused')
  const code = isRefused ? 'REFUSED_STREAM' : (/\b(E[A-Z]{3,})\b/.exec(details)?.[1] ?? 'CONNECTION_CLOSED')
  return errorWithCode(code, details)
}
