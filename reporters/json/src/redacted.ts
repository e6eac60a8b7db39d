import { distinctNames } from '@cloudbench/core/text'

/** Maps whose keys are names chosen by plugins and users; all other keys are words of the format. */
const named = new Set([
  'counters',
  'env',
  'facts',
  'gauges',
  'loads',
  'operations',
  'outcomes',
  'prepared',
  'recorders',
])
/** Keys whose values are such names, or refer to them. */
const naming = new Set(['flow', 'id', 'name', 'operation', 'phase', 'scenario'])

/**
 * JSON with secrets taken out value by value: a password may be a word of the format, such as `count`, and taking it out
 * of the text as a whole would break it. Encoded histograms are left alone, since any letters may occur in them.
 */
export function redactedJson(value: unknown, redact: (text: string) => string): Uint8Array {
  const nameOf = distinctNames(redact)
  const clean = (key: string, part: unknown): unknown => {
    if (typeof part === 'string') return key === 'hdr' ? part : naming.has(key) ? nameOf(part) : redact(part)
    if (!named.has(key) || typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([name, inner]) => [nameOf(name), inner]))
  }
  return Buffer.from(`${JSON.stringify(value, clean)}\n`)
}
