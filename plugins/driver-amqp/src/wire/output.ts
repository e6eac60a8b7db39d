/** Where frames are laid out, to leave together. LightSocket of driver-kit is one. */
export interface Output {
  /** Room for that many bytes at the place that it returns. */
  reserve(bytes: number): number
  /** The room. Another one may have taken its place after `reserve`. */
  readonly out: Buffer
  /** Bytes that do not change any more. */
  write(bytes: Buffer): unknown
}
