/** Three significant digits, without an exponent. */
function digits(value: number): string {
  const rounded = Number(value.toPrecision(3))
  return rounded >= 1000 || Number.isInteger(rounded) ? String(Math.round(rounded)) : rounded.toPrecision(3)
}

/** Nanoseconds in the unit that fits, such as `873 µs` or `1.20 s`; `–` for what was not measured. */
export function duration(ns: number): string {
  if (!Number.isFinite(ns)) return '–'
  if (ns < 999.5) return `${Math.round(ns)} ns`
  if (ns < 999_500) return `${digits(ns / 1e3)} µs`
  if (ns < 999_500_000) return `${digits(ns / 1e6)} ms`
  return ns < 1e12 ? `${digits(ns / 1e9)} s` : clock(ns / 1e6)
}

/** Such as `5 s`, `2 min 30 s` or `1 h 5 min`. */
export function clock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (ms < 10_000 && ms % 1000 !== 0) return `${digits(ms / 1000)} s`
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/** Such as `198/s` or `12.4k/s`. */
export function rate(perSecond: number): string {
  return Number.isFinite(perSecond) ? `${short(perSecond)}/s` : '–'
}

/** Such as `950`, `12.4k` or `3.20M`. Exact up to 9999. */
export function short(value: number): string {
  if (Number.isInteger(value) && value < 10_000) return String(value)
  if (value < 999.5) return digits(value)
  return value < 999_500 ? `${digits(value / 1e3)}k` : `${digits(value / 1e6)}M`
}

/** Such as `100 B` or `14.2 MB`. */
export function bytes(value: number): string {
  if (value < 1000) return `${Math.round(value)} B`
  if (value < 999_500) return `${digits(value / 1e3)} kB`
  return value < 999_500_000 ? `${digits(value / 1e6)} MB` : `${digits(value / 1e9)} GB`
}

/** A share as a percentage; one that is not 0 never looks like it. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return '–'
  const value = share * 100
  if (value === 0) return '0 %'
  return value < 0.001 ? '< 0.001 %' : `${Number(value.toPrecision(3))} %`
}
