/** Where `net` reads to, for all connections of a process: every read is copied out of it before the next one. */
export const readBuffer: Buffer = Buffer.allocUnsafeSlow(65_536)

/** What was read, as a copy: client libraries keep slices of it. */
export function copied(length: number, shared: Uint8Array): Buffer {
  const chunk = Buffer.allocUnsafe(length)
  chunk.set(length === shared.length ? shared : shared.subarray(0, length))
  return chunk
}
