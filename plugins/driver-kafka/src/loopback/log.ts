import { layout } from '../wire/batch-layout.ts'

/** A partition in memory: whole batches, of which the oldest are dropped when there are too many. */
export interface MemoryLog {
  readonly startOffset: number
  readonly endOffset: number
  /** Keeps a copy of the batches, and gives them their offsets. @returns the first offset. */
  append(set: Buffer): number
  /** Batches from the one with that offset on: at least one, if there is any, then as many as fit. */
  read(offset: number, maxBytes: number): Buffer
  /** Calls back once, as soon as something is appended; returns a function that prevents it. */
  onAppend(callback: () => void): () => void
}

interface Stored {
  readonly baseOffset: number
  readonly bytes: Buffer
}

export function createMemoryLog(limitBytes: number): MemoryLog {
  let stored: Stored[] = []
  const callbacks = new Set<() => void>()
  let storedBytes = 0
  let startOffset = 0
  let endOffset = 0
  return {
    get startOffset() {
      return startOffset
    },
    get endOffset() {
      return endOffset
    },
    append(set) {
      const first = endOffset
      for (let at = 0; at < set.length;) {
        const end = at + layout.leaderEpoch + set.readInt32BE(at + layout.length)
        const bytes = Buffer.from(set.subarray(at, end))
        bytes.writeBigInt64BE(BigInt(endOffset), layout.baseOffset)
        stored.push({ baseOffset: endOffset, bytes })
        endOffset += bytes.readInt32BE(layout.lastOffsetDelta) + 1
        storedBytes += bytes.length
        at = end
      }
      if (storedBytes > limitBytes) {
        // half of them at once, so that this is rare
        let gone = 0
        for (; storedBytes > limitBytes / 2 && gone < stored.length - 1; gone++)
          storedBytes -= stored[gone]!.bytes.length
        stored = stored.slice(gone)
        startOffset = stored[0]!.baseOffset
      }
      for (const callback of callbacks) callback()
      callbacks.clear()
      return first
    },
    read(offset, maxBytes) {
      let from = 0
      for (let to = stored.length; from < to;) {
        const middle = (from + to) >>> 1
        if ((stored[middle + 1]?.baseOffset ?? endOffset) <= offset) from = middle + 1
        else to = middle
      }
      const parts: Buffer[] = []
      let sizeBytes = 0
      for (let at = from; at < stored.length; at++) {
        const { bytes } = stored[at]!
        if (parts.length > 0 && sizeBytes + bytes.length > maxBytes) break
        parts.push(bytes)
        sizeBytes += bytes.length
      }
      return Buffer.concat(parts, sizeBytes)
    },
    onAppend(callback) {
      callbacks.add(callback)
      return () => void callbacks.delete(callback)
    },
  }
}
