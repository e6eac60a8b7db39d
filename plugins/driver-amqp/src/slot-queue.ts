import type { Slot } from '@cloudbench/core'

/** Slots in the order in which they came. */
export interface SlotQueue {
  push(slot: Slot): void
  shift(): Slot | undefined
}

export function createSlotQueue(): SlotQueue {
  let slots: (Slot | undefined)[] = []
  let head = 0
  return {
    push: (slot) => void slots.push(slot),
    shift() {
      const slot = slots[head]
      if (slot === undefined) return undefined
      slots[head++] = undefined
      if (head === slots.length) {
        slots.length = head = 0
      } else if (head > 4_000) {
        slots = slots.slice(head)
        head = 0
      }
      return slot
    },
  }
}
