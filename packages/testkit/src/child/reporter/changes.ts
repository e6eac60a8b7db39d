import { isDeepStrictEqual } from 'node:util'

/** Remembers a payload; returns how to find out what has changed in it. */
export function changesOf(payload: unknown): () => string | undefined {
  const before = structuredClone(payload)
  return () => {
    const after = structuredClone(payload)
    return isDeepStrictEqual(before, after) ? undefined : firstChange(before, after, '')
  }
}

function firstChange(before: unknown, after: unknown, path: string): string {
  if (isObject(before) && isObject(after))
    for (const key of new Set([...Object.keys(before), ...Object.keys(after)]))
      if (!isDeepStrictEqual(before[key], after[key]))
        return firstChange(before[key], after[key], path === '' ? key : `${path}.${key}`)
  return `${path} was ${shown(before)} and became ${shown(after)}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : JSON.stringify(value).slice(0, 60)
}
