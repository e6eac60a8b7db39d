/** Reads `90%` or `0.9`; undefined when it is not from 0 to 1. */
export function shareOf(written: string | number): number | undefined {
  const [, amount, percent] = /^\s*(\d+(?:\.\d+)?)\s*(%?)\s*$/.exec(String(written)) ?? []
  if (amount === undefined) return undefined
  const share = Number(amount) / (percent === '%' ? 100 : 1)
  return share <= 1 ? share : undefined
}

/** Reads `10000`, `10k` or `2M`; undefined when it is not a whole number above 0. */
export function countOf(written: string | number): number | undefined {
  return scaled(written, { '': 1, k: 1e3, m: 1e6 }, true)
}

/** Reads `100`, `100B`, `1KB` or `64KiB`; undefined when it is not a whole number of bytes above 0. */
export function sizeBytesOf(written: string | number): number | undefined {
  return scaled(written, { '': 1, b: 1, kb: 1e3, kib: 1024, mb: 1e6, mib: 1024 ** 2 }, true)
}

/** Reads `500ms`, `5s` or `1m`, or a number of milliseconds; undefined when it is not above 0. */
export function durationMsOf(written: string | number): number | undefined {
  return scaled(written, { '': 1, ms: 1, s: 1e3, m: 6e4 }, false)
}

function scaled(
  written: string | number,
  units: Readonly<Record<string, number>>,
  isWhole: boolean,
): number | undefined {
  const [, amount, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(String(written)) ?? []
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined
  if (amount === undefined || factor === undefined) return undefined
  const value = Number(amount) * factor
  return value > 0 && (!isWhole || Number.isSafeInteger(value)) ? value : undefined
}
