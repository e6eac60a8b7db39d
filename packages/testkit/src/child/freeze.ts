/** Freezes a value deeply, so that writing to it throws. */
export function freeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  for (const entry of Object.values(value)) freeze(entry)
  return Object.freeze(value)
}
