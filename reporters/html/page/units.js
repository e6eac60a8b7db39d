// how values are written beside charts

const timeUnits = /** @type {const} */ ([
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
  [1, 'ns'],
])
const sizeUnits = /** @type {const} */ ([
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'KB'],
  [1, 'B'],
])
const countUnits = /** @type {const} */ ([
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
])

/** @param {number} value @param {number} [digits] */
function significant(value, digits = 3) {
  const rounded = Number(value.toPrecision(digits))
  return Math.abs(rounded) >= 1e3 ? String(Math.round(value)) : String(rounded)
}

/** @param {number} value @param {readonly (readonly [number, string])[]} units */
function inUnits(value, units) {
  const [factor, name] = units.find(([least]) => Math.abs(value) >= least) ?? /** @type {const} */ ([1, ''])
  return `${significant(value / (name === 'k' ? 1e3 : factor))}${name === 'k' || name === 'M' || name === 'G' ? '' : ' '}${name}`.trim()
}

/**
 * A value of a chart as text.
 * @param {number | null | undefined} value
 * @param {Unit} unit
 */
function valueText(value, unit) {
  if (value === null || value === undefined) return '–'
  switch (unit) {
    case 'ns':
      return value === 0 ? '0 ns' : inUnits(value, timeUnits)
    case 'ms':
      return value === 0 ? '0 ms' : inUnits(value * 1e6, timeUnits)
    case 'bytes':
      return value === 0 ? '0 B' : inUnits(value, sizeUnits)
    case 'share':
      return `${significant(value * 100)} %`
    case 'perSecond':
      return `${inUnits(value, countUnits)}/s`
    case 'count':
      return inUnits(value, countUnits)
  }
}

/** Seconds since the scenario began. @param {number} seconds */
function momentText(seconds) {
  if (seconds < 60) return `${significant(seconds, 3)} s`
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const two = (/** @type {number} */ part) => String(part).padStart(2, '0')
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`
}

/** The percentile at a place of the quantile plot: 0, 1, 2, 3 are 0 %, 90 %, 99 %, 99.9 %. @param {number} nines */
function percentileText(nines) {
  const percent = 100 * (1 - 10 ** -nines)
  const digits = Math.max(0, Math.ceil(nines) - 1)
  return `${Number(percent.toFixed(digits + (Number.isInteger(nines) ? 0 : 1)))} %`
}
