import { fault } from '../fault.ts'

/** A fault unless the value survives a round trip through JSON. */
export function expectJson(value: unknown, what: string): void {
  const place = strangeAt(value, what)
  if (place === undefined) return
  throw fault({
    what: `${place}, which is not JSON`,
    expected: 'strings, finite numbers, booleans, null, and arrays and plain objects of them',
    next: 'convert it to a string or a number: it is sent to other processes and written to result files',
  })
}

function strangeAt(value: unknown, path: string): string | undefined {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return undefined
    case 'number':
      return Number.isFinite(value) ? undefined : `${path} is ${value}`
    case 'object':
      break
    default:
      return `${path} is ${value === undefined ? 'undefined' : `a ${typeof value}`}`
  }
  if (value === null) return undefined
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null
  if (!isPlain) return `${path} is a ${value.constructor.name}`
  for (const [key, entry] of Object.entries(value)) {
    const place = strangeAt(entry, `${path}.${key}`)
    if (place !== undefined) return place
  }
  return undefined
}
