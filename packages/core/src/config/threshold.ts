import { CloudbenchError } from '../errors.ts'
import type { SignalVerdict } from '../plugin/verdict.ts'
import { parseCount, parseDuration, parsePercentage, parseRate, parseSizeRate } from '../text/units.ts'

interface Kind {
  readonly parse: (text: string | number) => number
  /** For editors. */
  readonly examples: readonly string[]
}

/** How thresholds are written, by the unit of what they are for. */
export const thresholdKinds: Readonly<Record<SignalVerdict['unit'], Kind>> = {
  share: { parse: parsePercentage, examples: ['1%', 'off'] },
  count: { parse: parseCount, examples: ['0', '10', 'off'] },
  perSecond: { parse: parseRate, examples: ['10/s', 'off'] },
  ns: { parse: (text) => parseDuration(text) * 1e6, examples: ['10ms', 'off'] },
  bytesPerSecond: { parse: parseSizeRate, examples: ['10MB/s', 'off'] },
  ppm: { parse: parsePpm, examples: ['100ppm', 'off'] },
}

/** Reads a threshold, in the unit of what it is for. `off` is null: never. */
export function parseThreshold(text: string | number, unit: SignalVerdict['unit']): number | null {
  return text === 'off' ? null : thresholdKinds[unit].parse(text)
}

/** Reads millionths, such as `100ppm`. */
function parsePpm(text: string | number): number {
  const [, digits] = /^\s*(\d+(?:\.\d+)?)\s*(?:ppm)?\s*$/.exec(String(text)) ?? []
  if (digits !== undefined) return Number(digits)
  throw new CloudbenchError({
    code: 'CB_UNIT',
    what: `${typeof text === 'number' ? text : JSON.stringify(text)} is not a number of millionths`,
    expected: 'a value such as 100ppm',
  })
}
