import type { AuditResult } from '@cloudbench/core'
import { finding } from '@cloudbench/driver-kit'

/** Which messages were read back, and how often and in which order. */
export interface Sightings {
  /** To be called in the order in which a partition stores messages. */
  add(partition: number, writer: number, sequence: number): void
  has(writer: number, sequence: number): boolean
  /** @param isUnordered Whether no one has promised an order. */
  findings(isUnordered: boolean): readonly [AuditResult, AuditResult]
}

const inOrder = 'messages are stored in the order they were sent'
const unordered =
  'not examined: this client keeps no order among sends that are under way at the same time; with options.batchesInFlight 1 there are none'

export function createSightings(): Sightings {
  const seen = new Map<number, Uint8Array>()
  /** The last sequence number of each writer in each partition. */
  const last = new Map<string, number>()
  let examined = 0
  let repeated = 0
  let disordered = 0
  let repeatedExample: string | undefined
  let disorderedExample: string | undefined
  return {
    add(partition, writer, sequence) {
      examined++
      const bits = bitsFor(seen, writer, sequence)
      const mask = 1 << (sequence & 7)
      const key = `${partition}/${writer}`
      const before = last.get(key) ?? -1
      if ((bits[sequence >>> 3]! & mask) !== 0) {
        repeated++
        repeatedExample ??= `message ${sequence} of connection ${writer} is stored more than once`
      } else if (sequence < before) {
        disordered++
        disorderedExample ??= `message ${sequence} of connection ${writer} is stored after ${before}`
      }
      bits[sequence >>> 3]! |= mask
      last.set(key, Math.max(before, sequence))
    },
    has: (writer, sequence) => ((seen.get(writer)?.[sequence >>> 3] ?? 0) & (1 << (sequence & 7))) !== 0,
    findings: (isUnordered) => [
      finding('no message is stored twice', examined, repeated, repeatedExample),
      isUnordered
        ? finding(inOrder, 0, 0, undefined, unordered)
        : finding(inOrder, examined, disordered, disorderedExample),
    ],
  }
}

/** The bits of a writer, one a message, with room for this one. */
function bitsFor(all: Map<number, Uint8Array>, writer: number, sequence: number): Uint8Array {
  const known = all.get(writer)
  if (known && sequence >>> 3 < known.length) return known
  const larger = new Uint8Array(Math.max(1_024, (sequence >>> 3) * 2))
  if (known) larger.set(known)
  all.set(writer, larger)
  return larger
}
