import { CloudbenchError } from '../errors.ts'
import type { Json } from '../plugin/common.ts'

/** Throws unless a value is the same after `JSON.stringify` and back: it is sent to other processes. */
export function assertJson(value: unknown, path: string): asserts value is Json {
  const fault = notJson(value, path)
  if (!fault) return
  throw new CloudbenchError({
    code: 'CB_OPTIONS_NOT_JSON',
    what: `${fault.path} is ${fault.what}, which cannot be sent to another process`,
    expected: 'strings, finite numbers, booleans, null, and arrays and objects of them',
    next: 'instead of a function or an instance, give the path of a module that creates it',
  })
}

function notJson(value: unknown, path: string): { readonly path: string; readonly what: string } | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return undefined
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : { path, what: String(value) }
  if (typeof value !== 'object')
    return { path, what: value === undefined ? 'undefined' : `a ${typeof value}` }
  if (Array.isArray(value)) {
    for (const [at, entry] of value.entries()) {
      const fault = notJson(entry, `${path}[${at}]`)
      if (fault) return fault
    }
    return undefined
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null)
    return { path, what: `an instance of ${value.constructor.name}` }
  for (const [key, entry] of Object.entries(value)) {
    const fault = entry === undefined ? undefined : notJson(entry, `${path}.${key}`)
    if (fault) return fault
  }
  return undefined
}
