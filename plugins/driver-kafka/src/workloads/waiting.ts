import type { Slot } from '@cloudbench/core'

/** Requests by the sequence number of their message. One that is never read back makes room for a later one. */
export interface Waiting {
  put(sequence: number, slot: Slot): void
  take(sequence: number): Slot | undefined
}

export function createWaiting(inFlight: number): Waiting {
  const mask = 2 ** Math.ceil(Math.log2(inFlight * 2)) - 1
  const slots: (Slot | undefined)[] = Array.from({ length: mask + 1 })
  const sequences = new Float64Array(mask + 1)
  return {
    put(sequence, slot) {
      slots[sequence & mask] = slot
      sequences[sequence & mask] = sequence
    },
    take(sequence) {
      const at = sequence & mask
      if (sequences[at] !== sequence) return undefined
      const slot = slots[at]
      slots[at] = undefined
      return slot
    },
  }
}
