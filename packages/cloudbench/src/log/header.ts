import { CloudbenchError, messageOf } from '@cloudbench/core'
import { logFormat, logVersion, recordFields } from '@cloudbench/core/log'
import { z } from '@cloudbench/schema'
import { Unpackr } from 'msgpackr'

const text = z.string()
const whole = z.int().min(0)

/** What a log begins with. */
const header = z.object({
  format: z.literal(logFormat),
  version: z.literal(logVersion),
  fields: z.array(text),
  run: text,
  scenario: text,
  worker: z.object({ index: whole, total: whole }),
  sample: z.number().min(0).max(1),
  anchor: z.object({
    monotonic_ns: z.number(),
    // what a date can be
    wall_clock_ms: z.number().min(0).max(8e15),
  }),
  phases: z.array(z.object({ name: text, kind: z.enum(['warmup', 'measure']) })),
})
export type LogHeader = z.infer<typeof header>

const definition = z.object({
  outcome: whole,
  flow: text,
  operation: text,
  name: text,
  ok: z.boolean(),
  given_up: z.boolean(),
})

/** An outcome that requests of a flow had. */
export type Definition = z.infer<typeof definition>

/** Why a log cannot be read, or no further. */
export class Damage extends Error {}

const unpackr = new Unpackr({ useRecords: false, mapsAsObjects: true })

/** The value at a place, and where it ends. */
function valueAt(bytes: Uint8Array, at: number): { readonly value: unknown; readonly end: number } {
  let read: { readonly value: unknown; readonly end: number } | undefined
  try {
    unpackr.unpackMultiple(bytes.subarray(at), (value: unknown, _start?: number, end = 0) => {
      read = { value, end: at + end }
      return false
    })
  } catch (cause) {
    throw new Damage(`what should be msgpack is not: ${messageOf(cause)}`)
  }
  if (!read || read.end > bytes.length) throw new Damage('a value is cut off')
  return read
}

/** Makes a name from a file something to print. */
export type Clean = (text: string) => string

/** The header of a log, which is all that its first segment contains. */
export function headerIn(bytes: Uint8Array, path: string, clean: Clean): LogHeader {
  const { value } = valueAt(bytes, 0)
  const { format, version } = (value ?? {}) as { format?: unknown; version?: unknown }
  if (format === logFormat && version !== logVersion)
    throw new CloudbenchError({
      code: 'CB_LOG_FILE',
      what: `${path} has version ${clean(String(version))} of the request log`,
      expected: `version ${logVersion}`,
      next: 'read it with the cloudbench that wrote it, or a newer one',
    })
  const parsed = header.safeParse(value)
  if (!parsed.success) throw new Damage(`its header is wrong: ${parsed.error.issues[0]?.path.join('.')}`)
  if (parsed.data.fields.join() !== recordFields.join()) throw new Damage('its records have other fields')
  return cleaned(parsed.data, clean)
}

/** A definition of an outcome, and where it ends. */
export function definitionAt(
  bytes: Uint8Array,
  at: number,
  clean: Clean,
): { readonly defined: Definition; readonly end: number } {
  const { value, end } = valueAt(bytes, at)
  const parsed = definition.safeParse(value)
  if (!parsed.success) throw new Damage('what should be a record or an outcome is neither')
  return { defined: cleaned(parsed.data, clean), end }
}

/** With all of its names clean. */
function cleaned<T>(value: T, clean: Clean): T {
  if (typeof value === 'string') return clean(value) as T
  if (Array.isArray(value)) return value.map((item: unknown) => cleaned(item, clean)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cleaned(inner, clean)])) as T
}
