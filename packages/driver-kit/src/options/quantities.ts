import { CloudbenchError } from '@cloudbench/core'
import {
  formatDuration,
  formatSize,
  parseCount,
  parseWait,
  parsePercentage,
  parseRate,
  parseSize,
} from '@cloudbench/core/text'
import { z } from '@cloudbench/schema'

/** An option that is written with a unit and read as a number. */
export type Quantity = z.ZodType<number, string | number>

/** What an option allows. Without `min`, everything above 0; with `min: 0`, 0 too. */
export interface Limits {
  readonly min?: number
  readonly max?: number
}

/** Reads `500ms`, `5s` or `1h30m` as milliseconds. */
export function duration(limits?: Limits): Quantity {
  return quantity(parseWait, (durationMs) => formatDuration(durationMs), limits)
}

/** Reads `100B`, `1KB` or `64KiB` as bytes. */
export function size(limits?: Limits): Quantity {
  return quantity(parseSize, sizeText, limits)
}

/** Reads `500`, `10k` or `2M` as a whole number. */
export function count(limits?: Limits): Quantity {
  return quantity(parseCount, String, limits)
}

/** Reads `0.1%` or `90%` as a share from 0 to 1. */
export function share(): Quantity {
  return quantity(parsePercentage, (value) => `${value * 100}%`, { min: 0, max: 1 })
}

/** Reads `500/s`, `30/m` or `1k` as a number per second. */
export function rate(limits?: Limits): Quantity {
  return quantity(parseRate, (perSecond) => `${perSecond}/s`, limits)
}

const written = z.union([z.string(), z.number()], {
  error: ({ input }) => `${JSON.stringify(input)} is neither a text nor a number`,
})

function quantity(
  parse: (text: string | number) => number,
  format: (value: number) => string,
  { min, max = Infinity }: Limits = {},
): Quantity {
  return written.transform((text, context) => {
    try {
      const value = parse(text)
      const fault = faultOf(value, format, min, max)
      if (fault === undefined) return value
      context.addIssue({ code: 'custom', message: fault })
    } catch (error) {
      if (!(error instanceof CloudbenchError)) throw error
      context.addIssue({ code: 'custom', message: sentence(error) })
    }
    return z.NEVER
  })
}

function faultOf(
  value: number,
  format: (value: number) => string,
  min: number | undefined,
  max: number,
): string | undefined {
  if (min === undefined && value === 0) return 'must be greater than 0'
  if (min !== undefined && value < min) return `must be at least ${format(min)}`
  return value > max ? `must be at most ${format(max)}` : undefined
}

/** Powers of two as they are written: 64 MiB, not 67.1 MB. */
function sizeText(bytes: number): string {
  if (bytes >= 2 ** 20 && bytes % 2 ** 20 === 0) return `${bytes / 2 ** 20} MiB`
  if (bytes >= 2 ** 10 && bytes % 2 ** 10 === 0) return `${bytes / 2 ** 10} KiB`
  return formatSize(bytes)
}

/** The parts of an error in one line, which is all that an issue has room for. */
function sentence({ message, expected, next }: CloudbenchError): string {
  return [message, expected && `expected ${expected}`, next].filter(Boolean).join('; ')
}
