const units: Readonly<Record<string, number>> = { '': 1, b: 1, kb: 1e3, kib: 1024, mb: 1e6, mib: 1024 ** 2 }

const largestBytes = 64 * 1024 ** 2

/** Reads `100`, `100B`, `1KB` or `64KiB`; undefined when it is not a whole number of bytes from 1 to 64 MiB. */
export function sizeBytesOf(written: string | number): number | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(written)) ?? []
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined
  if (amount === undefined || factor === undefined) return undefined
  const bytes = Number(amount) * factor
  return Number.isInteger(bytes) && bytes >= 1 && bytes <= largestBytes ? bytes : undefined
}
