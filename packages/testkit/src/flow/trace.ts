import type { RequestTrace } from '@cloudbench/core'

/** Ids that a test can tell from each other and from those of the host: the request's number, counted from 1. */
export const testTrace: RequestTrace = {
  run: 'test-run',
  traceparent: (index) => `00-${hex(index, 32)}-${hex(index, 16)}-01`,
  write(index, bytes, at) {
    bytes.set(Buffer.from(testTrace.traceparent(index), 'latin1'), at)
  },
}

function hex(index: number, digits: number): string {
  return (index + 1).toString(16).padStart(digits, '0')
}
