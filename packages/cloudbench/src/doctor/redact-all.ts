/** A copy with every text in it redacted, before a page breaks it into lines that no secret is found in any more. */
export function redactAll<T>(value: T, redact: (text: string) => string): T {
  return copyOf(value) as T

  function copyOf(part: unknown): unknown {
    if (typeof part === 'string') return redact(part)
    if (Array.isArray(part)) return part.map(copyOf)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, copyOf(inner)]))
  }
}
