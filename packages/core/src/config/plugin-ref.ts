import { CloudbenchError } from '../errors.ts'
import type { Json } from '../plugin/common.ts'
import type { InlineReporter, PluginRef } from './plan.ts'
import { parseScalar } from './scalar.ts'
import { isPlainObject } from './tree.ts'

/** A plugin as written in a configuration. */
export type WrittenRef = string | readonly [string, Readonly<Record<string, unknown>>?]

export function isWrittenRef(value: unknown): value is WrittenRef {
  return typeof value === 'string' || Array.isArray(value)
}

export function refOf(written: WrittenRef): PluginRef {
  const [specifier, options = {}] = typeof written === 'string' ? [written] : written
  return { specifier, options: options as Json }
}

export function reporterOf(written: WrittenRef | InlineReporter): PluginRef | InlineReporter {
  return isWrittenRef(written) ? refOf(written) : written
}

/** Reads a plugin from a command line: `json`, `./mine.ts`, or `[junit, {file: report.xml}]`. */
export function parseRef(text: string, flag: string): WrittenRef {
  const value = text.trimStart().startsWith('[') ? parseScalar(text, flag) : text
  const [name, options] = Array.isArray(value) ? (value as unknown[]) : [value]
  const isRef = typeof name === 'string' && name.trim() !== '' && (!Array.isArray(value) || value.length <= 2)
  if (isRef && (options === undefined || isPlainObject(options))) return value as WrittenRef
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `${flag} does not name a plugin`,
    expected: `a name, a path, or a name with options: ${flag} '[junit, {file: report.xml}]'`,
  })
}

/** How an inline reporter or plugin is shown. */
export function inlineName(value: object): string {
  const { name } = value as { name?: unknown }
  return typeof name === 'string' ? `inline ${name}` : 'inline'
}
