const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000 }

/** Reads `500ms`, `5s` or `1m`, or a number of milliseconds; undefined when it is neither, or not more than 0. */
export function durationMs(written: string | number): number | undefined {
  if (typeof written === 'number') return written > 0 && Number.isFinite(written) ? written : undefined
  const [, amount, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ms|s|m)\s*$/.exec(written) ?? []
  if (amount === undefined || unit === undefined) return undefined
  const value = Number(amount) * unitsMs[unit]!
  return value > 0 ? value : undefined
}
