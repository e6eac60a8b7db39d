import { createRequire } from 'node:module'
import { CloudbenchError } from '../errors.ts'
import { lowestOf, rangeNs, slotCount } from './layout.ts'
import type { HistogramData } from './recorder.ts'

type Library = typeof import('hdr-histogram-js')

// loaded when the first result is written: plugins import this package in every worker, and do not need it
let library: Library | undefined
const hdr = (): Library => (library ??= createRequire(import.meta.url)('hdr-histogram-js') as Library)

/** HdrHistogram V2, compressed, base64. Overflow, exact minimum, maximum and sum are not part of that format. */
export function encodeHdr({ slots, counts }: Pick<HistogramData, 'slots' | 'counts'>): string {
  const histogram = hdr().build({
    bitBucketSize: 64,
    autoResize: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: rangeNs - 1,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  })
  for (let at = 0; at < slots.length; at++) histogram.recordValueWithCount(lowestOf(slots[at]!), counts[at]!)
  return hdr().encodeIntoCompressedBase64(histogram)
}

/** The counts of an encoded histogram. Throws when it is damaged, or has a different layout. */
export function decodeHdr(base64: string): Pick<HistogramData, 'slots' | 'counts'> {
  const histogram = decode(base64)
  if (histogram.numberOfSignificantValueDigits !== 3 || histogram.lowestDiscernibleValue !== 1)
    throw damaged(
      `it has ${histogram.numberOfSignificantValueDigits} digits from ${histogram.lowestDiscernibleValue}, not 3 from 1`,
    )
  const slots: number[] = []
  const counts: number[] = []
  for (let slot = 0; slot < Math.min(slotCount, histogram.countsArrayLength); slot++) {
    const count = histogram.getCountAtIndex(slot)
    if (count === 0) continue
    slots.push(slot)
    counts.push(count)
  }
  return { slots: Uint16Array.from(slots), counts: Float64Array.from(counts) }
}

function decode(base64: string): InstanceType<Library['JsHistogram']> {
  try {
    return hdr().decodeFromCompressedBase64(base64, 64, false) as InstanceType<Library['JsHistogram']>
  } catch (cause) {
    throw damaged(cause instanceof Error ? cause.message : String(cause), cause)
  }
}

function damaged(why: string, cause?: unknown): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_RESULT_FILE',
    what: `a histogram cannot be read: ${why}`,
    expected: 'HdrHistogram V2, compressed, base64, values in nanoseconds',
    cause,
  })
}
