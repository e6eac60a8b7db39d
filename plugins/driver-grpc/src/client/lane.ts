import type { Call } from '@cloudbench/core'

/**
 * The way that calls of one method take to a server, on one connection. Everything else of the driver is the same
 * whichever way that is.
 */
export interface Lane {
  /** Makes a place for one call at a time; it is used for one call after another. */
  createCall(listener: CallListener): LaneCall
  /** Ends the calls that are on the way, whose listeners hear of nothing any more, and the connection. */
  close(): void
}

export interface LaneCall {
  /** Begins a call, with the metadata of this request. */
  start(call: Call): void
  /**
   * Sends one message; the bytes are the lane's until the call has ended. With `hasMore`, the listener hears when there
   * is room for another, which must not be sent before.
   */
  send(message: Buffer, hasMore: boolean): void
  /** No more messages will be sent. */
  end(): void
  /** Asks for the next message of the answer. */
  read(): void
}

/** Hears of what comes back. `onEnd` or `onLost` is the last thing it hears, exactly once for each call. */
export interface CallListener {
  onSent(): void
  onMessage(message: Buffer): void
  /** The call has ended with a status of the protocol. */
  onEnd(code: number): void
  /** The connection is dead, and the call with it. */
  onLost(error: Error): void
}
