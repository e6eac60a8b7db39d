import type { Attributes } from '@opentelemetry/api'

/** Takes secrets out of every text. */
export function redacted(attributes: Attributes, redact: (text: string) => string): Attributes {
  const part = <Value>(value: Value): Value | string => (typeof value === 'string' ? redact(value) : value)
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.map(part) : part(value),
    ]),
  )
}
