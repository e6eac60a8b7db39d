import type { Call, RequestTrace } from '@cloudbench/core'
import type { GrpcTarget } from '../target.ts'
import type { Method } from '../wire/method.ts'

/** A connection to a server that takes calls, by whatever client. */
export interface Client {
  readonly target: GrpcTarget
  /** Makes calls of one method possible. */
  lane(options: LaneOptions): Lane
  /** Called when the connection is dead and no call is left on it: by then all of them have ended. */
  onLost: ((error: Error) => void) | undefined
  /** Ends the calls in flight, whose listeners hear nothing more, and the connection. */
  close(): Promise<void>
}

export interface LaneOptions {
  readonly method: Pick<Method, 'path' | 'kind'>
  /** What every call says, by name; values may have generated parts. */
  readonly metadata: Readonly<Record<string, string>>
  /** What a call carries beside it, as `traceparent`, unless it says one itself. */
  readonly trace?: RequestTrace | undefined
  readonly deadlineMs: number | undefined
  /** Whether messages are looked at, and not only counted. */
  readonly readsMessages: boolean
}

/** Carries calls of one method. */
export interface Lane {
  /** Makes room for one call at a time; it is reused for one call after another. */
  createCall(listener: CallListener): LaneCall
}

export interface LaneCall {
  /**
   * Begins a call, with the metadata of this request and its first message, or none at all. A lane owns the bytes of
   * messages until the call has ended.
   * @param isLast No other message follows; the listener is told when there is room for one otherwise.
   */
  start(call: Call, message: Buffer | undefined, isLast: boolean): void
  /** Sends another message, which must not happen before there is room for it. */
  send(message: Buffer, isLast: boolean): void
}

/** Hears what comes back. `onEnd` or `onLost` comes last, exactly once per call. */
export interface CallListener {
  /** There is room for the next message. */
  onRoom(): void
  /** @param message Absent where it is not looked at. */
  onMessage(bytes: number, message: Buffer | undefined): void
  /** The call ended with a status of the protocol. */
  onEnd(code: number, details: string): void
  /**
   * The connection is dead, and the call with it.
   * @param hasLeft Whether the server may have processed the call.
   */
  onLost(error: Error, hasLeft: boolean): void
}
