import { CloudbenchError } from '../errors.ts'

/** How a kind of quantity is written. */
interface Quantity {
  readonly name: string
  /** Units by name, as multiples of what the parser returns. */
  readonly units: Readonly<Record<string, number>>
  /** Whether a number without a unit is accepted. */
  readonly bare: boolean
  /** Whether several may follow each other, as in `1h30m`. */
  readonly compound?: boolean
  /** Whether fractions of it are refused. */
  readonly whole?: boolean
  /** What a number without a unit probably means. */
  readonly suggest?: (value: number) => string
  readonly example: string
}

const multiples = { k: 1e3, K: 1e3, M: 1e6, G: 1e9 }

const duration: Quantity = {
  name: 'a duration',
  units: {
    ns: 1e-6,
    us: 1e-3,
    µs: 1e-3,
    μs: 1e-3,
    ms: 1,
    s: 1e3,
    m: 60e3,
    min: 60e3,
    h: 3600e3,
    d: 86_400e3,
  },
  bare: false,
  compound: true,
  suggest: (value) => `${value}ms or ${value}s`,
  example: '500us, 10ms, 1.5s, 5m or 1h30m',
}

const rate: Quantity = {
  name: 'a rate',
  units: Object.fromEntries(
    Object.entries({ '/s': 1, '/m': 1 / 60, '/min': 1 / 60, '/h': 1 / 3600 }).flatMap(([per, factor]) => [
      [per, factor],
      ...Object.entries(multiples).map(([prefix, times]) => [`${prefix}${per}`, factor * times]),
    ]),
  ),
  bare: true,
  example: '500/s, 1k/s or 30/m',
}

const size: Quantity = {
  name: 'a size',
  units: {
    B: 1,
    KB: 1e3,
    kB: 1e3,
    MB: 1e6,
    GB: 1e9,
    TB: 1e12,
    KiB: 2 ** 10,
    MiB: 2 ** 20,
    GiB: 2 ** 30,
    TiB: 2 ** 40,
  },
  bare: false,
  whole: true,
  suggest: (value) => `${value}B or ${value}KB`,
  example: '100B, 1KB or 64KiB',
}

const count: Quantity = {
  name: 'a count',
  units: multiples,
  bare: true,
  whole: true,
  example: '500, 10k or 2M',
}

const percentage: Quantity = {
  name: 'a percentage',
  units: { '%': 1 / 100 },
  bare: false,
  suggest: (value) =>
    value < 1 ? percent(value) : value === 1 ? `${percent(0.01)} or ${percent(1)}` : `${value}%`,
  example: '0.1% or 5%',
}

const ratio: Quantity = {
  name: 'a ratio',
  units: { '%': 1 / 100 },
  bare: true,
  example: '1/100, 1% or 0.01',
}

/** What a timer holds. Node fires a longer one at once. */
const longestDurationMs = 2 ** 31 - 1

/** Reads a duration, such as `1h30m`, as milliseconds. A number without a unit is refused, except 0. */
export function parseDuration(text: string | number): number {
  return parse(text, duration)
}

/** Reads a duration that something waits for: no longer than a timer can. */
export function parseWait(text: string | number): number {
  const durationMs = parseDuration(text)
  if (durationMs <= longestDurationMs) return durationMs
  throw new CloudbenchError({
    code: 'CB_UNIT',
    what: `${shown(text)} is longer than a timer can wait`,
    expected: 'a duration of at most 24d20h31m',
  })
}

/** Reads a rate, such as `30/m`, as a number per second. A number without a unit is per second; so is `1k`. */
export function parseRate(text: string | number): number {
  const bare = typeof text === 'string' ? /^\s*[\d.]+\s*[kKMG]\s*$/.test(text) : false
  return parse(bare ? `${text as string}/s` : text, rate)
}

/** Reads a size, such as `64KiB`, as bytes. A number without a unit is refused, except 0. */
export function parseSize(text: string | number): number {
  return parse(text, size)
}

/** Reads an amount per second, such as `10MB/s`, as bytes per second. */
export function parseSizeRate(text: string | number): number {
  if (text === 0 || text === '0') return 0
  const [, bytes] = typeof text === 'string' ? (/^(.*)\/s\s*$/.exec(text) ?? []) : []
  if (bytes === undefined)
    throw refusal(text, 'a size per second', '10MB/s or 64KiB/s', `write ${String(text)}/s`)
  return parse(bytes, { ...size, whole: false })
}

/** Reads a count, such as `10k`: a whole number. */
export function parseCount(text: string | number): number {
  return parse(text, count)
}

/** Reads a percentage, such as `0.1%`, as a share of 1. A number without `%` is refused, except 0. */
export function parsePercentage(text: string | number): number {
  return parse(text, percentage)
}

/** Reads how many out of all, such as `1/100`, `1%` or `0.01`, as a share of 1: at least 0, at most 1. */
export function parseRatio(text: string | number): number {
  const [, part, whole] = (typeof text === 'string' && /^\s*(\d+)\s*\/\s*(\d+)\s*$/.exec(text)) || []
  const share = part === undefined ? parse(text, ratio) : Number(part) / Number(whole)
  if (share <= 1) return share
  throw refusal(text, `${ratio.name} from 0 to 1`, ratio.example)
}

function parse(text: string | number, quantity: Quantity): number {
  const { name, units, example } = quantity
  if (typeof text === 'number') {
    if (Number.isFinite(text) && text >= 0 && (quantity.bare || text === 0))
      return exact(text, text, quantity)
    if (Number.isFinite(text) && text > 0) throw withoutUnit(text, quantity)
    throw refusal(text, name, example)
  }
  const written = text.trim()
  const bare = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.exec(written)
  if (bare) {
    const value = Number(written)
    if (value === 0 || (quantity.bare && Number.isFinite(value))) return exact(value, text, quantity)
    throw withoutUnit(value, quantity)
  }
  const part = /\s*(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+)\s*([^\d\s.]+)/giy
  let sum = 0
  let end = 0
  let smallest = Infinity
  for (let match = part.exec(written); match; match = part.exec(written)) {
    const unit = match[2]!
    const factor = Object.hasOwn(units, unit) ? units[unit]! : undefined
    if (factor === undefined) throw refusal(text, name, example, intended(written, unit, units))
    // 30m1h and 1m1m are slips, not durations
    if (factor >= smallest || (end > 0 && !quantity.compound)) throw refusal(text, name, example)
    smallest = factor
    sum += scaled(Number(match[1]), factor)
    end = part.lastIndex
  }
  if (end === 0 || end !== written.length || !Number.isFinite(sum)) throw refusal(text, name, example)
  return exact(sum, text, quantity)
}

/** Without floating-point noise: 1.005k is 1005, and 1.1KB is 1100. */
function exact(value: number, text: string | number, { name, whole, example }: Quantity): number {
  if (whole !== true) return value
  const rounded = Math.round(value)
  if (Math.abs(value - rounded) <= value * Number.EPSILON) return rounded
  throw new CloudbenchError({
    code: 'CB_UNIT',
    what: `${shown(text)} is not a whole number`,
    expected: `${name}, such as ${example}`,
  })
}

/** `value * factor` for a factor below one is a division, which rounds once instead of twice: 500us is 0.5 exactly. */
function scaled(value: number, factor: number): number {
  return factor < 1 ? value / Math.round(1 / factor) : value * factor
}

/** The same with a unit that differs in case only, such as 10M for 10m; otherwise all units. */
function intended(written: string, unit: string, units: Readonly<Record<string, number>>): string {
  const names = Object.keys(units)
  const near = names.find((name) => name.toLowerCase() === unit.toLowerCase())
  if (near === undefined) return `${unit} is not one of ${names.join(', ')}`
  return `did you mean ${written.replace(unit, near)}?`
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(12))}%`
}

function withoutUnit(value: number, { name, suggest, example }: Quantity): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_UNIT',
    what: `${value} what? ${upper(name)} needs a unit`,
    expected: `${name}, such as ${example}`,
    next: suggest && `write ${suggest(value)}`,
  })
}

function refusal(text: string | number, name: string, example: string, next?: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_UNIT',
    what: `${shown(text)} is not ${name}`,
    expected: `${name}, such as ${example}`,
    next,
  })
}

function shown(text: string | number): string {
  return typeof text === 'number' ? String(text) : JSON.stringify(text)
}

function upper(text: string): string {
  return text[0]!.toUpperCase() + text.slice(1)
}
