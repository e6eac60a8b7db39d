/** Where the bytes of a body begin that has none. */
export const noBytes = -1

/** A message that has arrived. Reused for one after another. */
export interface ReceivedMessage {
  /** Valid during the call only. */
  readonly bytes: Buffer
  /** Where the body begins and ends in them; both `noBytes` when it is not made of bytes. */
  readonly start: number
  readonly end: number
  /** Whether the body is a single `data` section, as every message of a sender is. */
  readonly isData: boolean
  /** Whether the broker says that it may have delivered the message before. */
  readonly isRedelivered: boolean
}

/** What becomes of the messages that arrive on a connection. */
export interface MessageListener {
  /** @param receiver The number of the link, from 0. It accepts the message. */
  message(receiver: number, message: ReceivedMessage): void
}
