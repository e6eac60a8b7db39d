/** What a session needs of a socket. */
export interface Pipe {
  /** Where `reserve` has made room; another buffer after each of its calls. */
  readonly out: Buffer
  reserve(bytes: number): number
  write(bytes: Buffer): unknown
  /** Ends the connection after what was written. */
  end(): unknown
}
