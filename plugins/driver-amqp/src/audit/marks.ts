const chunkSize = 65_536

/** Both marks of a message. */
const complete = 3

/** One of two marks: 1 or 2. */
type Mark = 1 | 2

/** Marks on numbered messages: a byte for each message, and nothing for a chunk of old ones that have both marks. */
export interface Marks {
  /** @returns the marks that the message had before. */
  add(number: number, mark: Mark): number
  /** How many messages have that mark and not the other. */
  countOnly(mark: Mark): number
}

export function createMarks(): Marks {
  /** `null`: every message of the chunk is complete. */
  const chunks: (Uint8Array | null | undefined)[] = []
  const completed: number[] = []
  return {
    add(number, mark) {
      const at = Math.floor(number / chunkSize)
      const known = chunks[at]
      if (known === null) return complete
      const chunk = known ?? (chunks[at] = new Uint8Array(chunkSize))
      const index = number % chunkSize
      const before = chunk[index]!
      const after = before | mark
      chunk[index] = after
      if (after === complete && before !== complete) {
        completed[at] = (completed[at] ?? 0) + 1
        if (completed[at] === chunkSize) chunks[at] = null
      }
      return before
    },
    countOnly(mark) {
      let count = 0
      for (const chunk of chunks) if (chunk) for (const state of chunk) if (state === mark) count++
      return count
    },
  }
}
