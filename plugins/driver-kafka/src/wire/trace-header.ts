import type { RequestTrace } from '@cloudbench/core'

/** The value of `traceparent`. */
const valueBytes = 55

/** The headers of a record that has one: how many there are, and of each the lengths of name and value, as varints. */
const start = Buffer.from([1 << 1, 11 << 1, ...Buffer.from('traceparent'), valueBytes << 1])

/** What the headers of a record take where its trace context is one; without, it is a byte that says none. */
export const traceHeaderBytes: number = start.length + valueBytes

/** @returns where the record ends. */
export function writeTraceHeader(trace: RequestTrace, index: number, buffer: Buffer, at: number): number {
  buffer.set(start, at)
  trace.write(index, buffer, at + start.length)
  return at + traceHeaderBytes
}
