const smallestBytes = 256

/**
 * Adds bytes to what is kept of something unfinished. Its room grows with what has come, and not with what was announced.
 * @param kept Its first `keptBytes` are in use. The new bytes may be a later part of it.
 * @returns It, or once that is full another, which begins alike and is at least twice as large.
 */
export function appended(kept: Buffer, keptBytes: number, from: Buffer, at: number, end: number): Buffer {
  const bytes = keptBytes + end - at
  let room = kept
  if (bytes > kept.length) {
    room = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * kept.length, smallestBytes))
    kept.copy(room, 0, 0, keptBytes)
  }
  from.copy(room, keptBytes, at, end)
  return room
}
