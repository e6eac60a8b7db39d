const nothing = '–'

/** Formats a duration in milliseconds for display: `43 µs`, `4.20 ms`, `1.2 s`, `5m 30s`. */
export function formatDuration(durationMs: number, digits = 3): string {
  if (Number.isNaN(durationMs)) return nothing
  if (durationMs < 0) return `-${formatDuration(-durationMs, digits)}`
  if (durationMs === Infinity) return '∞'
  if (durationMs === 0) return '0 ms'
  // a value that would be rounded up to the next unit is written in that unit
  if (rounded(durationMs * 1e6, digits) < 1e3) return `${trimmed(durationMs * 1e6, digits)} ns`
  if (rounded(durationMs * 1e3, digits) < 1e3) return `${trimmed(durationMs * 1e3, digits)} µs`
  if (rounded(durationMs, digits) < 1e3) return `${significant(durationMs, digits)} ms`
  if (durationMs < 60e3) return `${trimmed(durationMs / 1e3, digits)} s`
  return formatLong(Math.round(durationMs / 1e3))
}

/** Formats a rate per second: `500/s`, `12.5k/s`, `0.5/s`. */
export function formatRate(perSecond: number, digits = 4): string {
  return Number.isFinite(perSecond) ? `${formatCount(perSecond, digits)}/s` : nothing
}

/** Formats a count: `950`, `12.3k`, `4.5M`. */
export function formatCount(count: number, digits = 4): string {
  if (!Number.isFinite(count)) return nothing
  if (rounded(Math.abs(count), digits) < 10_000) return trimmed(count, digits)
  if (rounded(Math.abs(count), digits) < 1e6) return `${trimmed(count / 1e3, digits)}k`
  if (rounded(Math.abs(count), digits) < 1e9) return `${trimmed(count / 1e6, digits)}M`
  return `${trimmed(count / 1e9, digits)}G`
}

/** Formats a number of bytes in decimal units: `950 B`, `1.2 KB`. */
export function formatSize(bytes: number, digits = 3): string {
  if (!Number.isFinite(bytes)) return nothing
  let value = bytes
  for (const unit of ['B', 'KB', 'MB', 'GB']) {
    if (rounded(Math.abs(value), digits) < 1e3) return `${trimmed(value, digits)} ${unit}`
    value /= 1e3
  }
  return `${trimmed(value, digits)} TB`
}

/** Formats a share of 1 as a percentage: `0.02 %`. */
export function formatPercentage(share: number, digits = 3): string {
  return Number.isFinite(share) ? `${trimmed(share * 100, digits)} %` : nothing
}

function formatLong(seconds: number): string {
  const parts: string[] = []
  let rest = seconds
  for (const [unit, length] of [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    if (rest >= length) parts.push(`${Math.floor(rest / length)}${unit}`)
    rest %= length
  }
  return parts.join(' ')
}

function rounded(value: number, digits: number): number {
  return Number(value.toPrecision(digits))
}

/** With as many decimals as make `digits` significant ones, trailing zeros included, so that columns line up. */
function significant(value: number, digits: number): string {
  const whole = Math.floor(Math.log10(Math.abs(rounded(value, digits)))) + 1
  return value.toFixed(Math.max(0, Math.min(digits - whole, 100)))
}

function trimmed(value: number, digits: number): string {
  if (value === 0) return '0'
  const whole = Math.floor(Math.log10(Math.abs(value))) + 1
  // never rounds away digits before the point
  return whole >= digits ? String(Math.round(value)) : String(rounded(value, digits))
}
