import type { Slot } from '@cloudbench/core'
import type { DocumentShape } from '../payload.ts'
import { bindHead, bindTail, executeMessage, syncMessage, writeInt8 } from '../wire/messages.ts'

/** Before the document of a row in a Bind: length and sequence, length of the document, version of jsonb. */
const prefixBytes = 4 + 8 + 4 + 1
const zero = 48

/** The rows of one INSERT, as bytes to send. Made once and refilled. */
export interface Batch {
  readonly slots: readonly (Slot | undefined)[]
  readonly sequences: Float64Array
  readonly count: number
  add(slot: Slot, sequence: number): void
  /** Bind, Execute and Sync for the rows added. Valid until the batch is cleared. */
  seal(statement: string): Buffer
  clear(): void
}

/** All names have the same length, but for the empty one, so that rows have a fixed place before their number is known. */
export function insertStatementName(rows: number): string {
  return `cloudbench_insert_${String(rows).padStart(4, '0')}`
}

/**
 * Rows are laid out in advance with everything that never changes, so adding one writes a few dozen bytes. What follows
 * the last row overlaps the beginning of the next one, which is rewritten when that row is added.
 */
export function createBatch(rows: number, writer: number, shape: DocumentShape): Batch {
  const { bytes: document, digitsAt, digits } = shape
  const rowBytes = prefixBytes + document.length
  const tail = Buffer.concat([bindTail, executeMessage, syncMessage])
  const headBytes = bindHead(insertStatementName(rows), 0, 0).length
  const firstRow = headBytes + 12
  const bytes = Buffer.allocUnsafeSlow(firstRow + rows * rowBytes + tail.length)
  bytes.writeInt32BE(8, headBytes)
  writeInt8(bytes, writer, headBytes + 4)
  for (let row = 0; row < rows; row++) document.copy(bytes, firstRow + row * rowBytes + prefixBytes)
  const slots: (Slot | undefined)[] = Array.from({ length: rows })
  const sequences = new Float64Array(rows)
  let count = 0
  return {
    slots,
    sequences,
    get count() {
      return count
    },
    add(slot, sequence) {
      let at = firstRow + count * rowBytes
      bytes.writeInt32BE(8, at)
      writeInt8(bytes, sequence, at + 4)
      bytes.writeInt32BE(1 + document.length, at + 12)
      bytes[at + 16] = 1
      at += prefixBytes + digitsAt
      let rest = sequence
      for (let digit = digits - 1; digit >= 0; digit--) {
        bytes[at + digit] = zero + (rest % 10)
        rest = Math.floor(rest / 10)
      }
      slots[count] = slot
      sequences[count] = sequence
      count++
    },
    seal(statement) {
      const head = bindHead(statement, 1 + 2 * count, 12 + count * rowBytes)
      // a shorter name begins later
      const start = headBytes - head.length
      head.copy(bytes, start)
      const end = firstRow + count * rowBytes
      tail.copy(bytes, end)
      return bytes.subarray(start, end + tail.length)
    },
    clear() {
      slots.fill(undefined, 0, count)
      count = 0
    },
  }
}
