import { stripVTControlCharacters } from 'node:util'
import { visibleJson } from '@cloudbench/core/text'
import type { Event } from './events.ts'
import type { Value } from './measured.ts'

/** An event as a line of JSON. Secrets are taken out value by value: one may be a word of the format. */
export function lineOf(event: Event, redact: (text: string) => string): string {
  return `${visibleJson(redacted(event, redact))}\n`
}

function redacted(value: Value, redact: (text: string) => string): Value {
  if (typeof value === 'string') return redact(stripVTControlCharacters(value))
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map((item) => redacted(item, redact))
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, redacted(inner, redact)]))
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value)
}
