import type { Call } from '@cloudbench/core'

/**
 * Carries calls of one method to a server over one connection. The rest of the driver does not depend on how.
 */
export interface Lane {
  /** Makes room for one call at a time; it is reused for one call after another. */
  createCall(listener: CallListener): LaneCall
  /** Ends the calls in flight, whose listeners hear nothing more, and the connection. */
  close(): Promise<void>
}

export interface LaneCall {
  /** Begins a call, with the metadata of this request. */
  start(call: Call): void
  /**
   * Sends one message; the lane owns the bytes until the call has ended. With `hasMore`, the listener is told when there
   * is room for the next one, which must not be sent earlier.
   */
  send(message: Buffer, hasMore: boolean): void
  /** No more messages follow. */
  end(): void
}

/** Hears what comes back. `onEnd` or `onLost` comes last, exactly once per call. */
export interface CallListener {
  onSent(): void
  onMessage(message: Buffer): void
  /** The call ended with a status of the protocol. */
  onEnd(code: number, details: string): void
  /**
   * The connection is dead, and the call with it.
   * @param hasLeft Whether the server may have heard of the call.
   */
  onLost(error: Error, hasLeft: boolean): void
}
