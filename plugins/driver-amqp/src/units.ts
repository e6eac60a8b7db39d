/** Reads `10000`, `10k` or `2M`; undefined when it is not a whole number from 0. */
export function countOf(written: string | number): number | undefined {
  const count = scaled(written, { '': 1, k: 1e3, m: 1e6 })
  return Number.isSafeInteger(count) ? count : undefined
}

/** Reads `100`, `100B`, `1KB` or `64KiB`; undefined when it is not a whole number of bytes above 0. */
export function sizeBytesOf(written: string | number): number | undefined {
  const bytes = scaled(written, { '': 1, b: 1, kb: 1e3, kib: 1024, mb: 1e6, mib: 1024 ** 2 })
  return Number.isSafeInteger(bytes) && bytes! > 0 ? bytes : undefined
}

/** Reads `500ms`, `5s` or `1m`, or a number of milliseconds; undefined when it is not above 0. */
export function durationMsOf(written: string | number): number | undefined {
  const durationMs = scaled(written, { '': 1, ms: 1, s: 1e3, m: 6e4 })
  return durationMs !== undefined && durationMs > 0 ? durationMs : undefined
}

function scaled(written: string | number, units: Readonly<Record<string, number>>): number | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(written)) ?? []
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined
  return amount === undefined || factor === undefined ? undefined : Number(amount) * factor
}
