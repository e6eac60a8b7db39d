/** The error codes of RFC 9113 that are sent or understood. */
export const errorCode = {
  none: 0,
  protocol: 1,
  internal: 2,
  flowControl: 3,
  streamClosed: 5,
  frameSize: 6,
  refusedStream: 7,
  cancel: 8,
  compression: 9,
  enhanceYourCalm: 11,
  inadequateSecurity: 12,
} as const

/** What a server may not do: it ends the connection, or, where it says so, only a call. */
export class ProtocolFault extends Error {
  /** What the server is told. */
  readonly sent: number
  readonly endsCallOnly: boolean

  constructor(message: string, sent: number = errorCode.protocol, endsCallOnly = false) {
    super(message)
    this.sent = sent
    this.endsCallOnly = endsCallOnly
  }
}
