/** Before and after the value, as sqlcommenter has it. */
const start = "/*traceparent='"
const end = "'*/ "

/** The value of `traceparent`. */
const valueBytes = 55

/** Where the value is in a comment. */
export const traceAt: number = start.length

/** A comment that says which request a statement belongs to. It comes first, where no limit on a text cuts it off. */
export function traceComment(traceparent = '0'.repeat(valueBytes)): string {
  return start + traceparent + end
}
