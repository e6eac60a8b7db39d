import type { Steadiness } from '@cloudbench/stats'
import type { VerdictReason } from '../plugin/verdict.ts'
import { formatDuration, formatPercentage } from '../text/format.ts'
import { takesTime } from './causes.ts'
import type { Cause, Figure } from './effect.ts'
import { isOpen, type Measurement } from './measurement.ts'
import { leastChange, type Progress } from './steady.ts'

/** A flow that was not the same throughout. Numbers are of the whole measurement: what was cut off would be missed. */
export function steadyCauses(measurement: Measurement, { state, latency, rate }: Progress): Cause[] {
  const { flow, steadyFromMs } = state
  const parts = [
    { kind: 'latency', steadiness: latency },
    { kind: 'rate', steadiness: rate },
  ] as const
  return parts.flatMap(({ kind, steadiness }): Cause[] => {
    const text = textOf(kind, steadiness, steadyFromMs)
    if (text === undefined) return []
    const { drift } = steadiness
    const validity = steadiness.kind === 'not steady' ? 'invalid' : 'suspect'
    const reason: VerdictReason = {
      code: 'NOT_STEADY',
      validity,
      text,
      advice:
        steadiness.kind === 'warmup'
          ? 'warm up for longer (--warmup)'
          : 'measure for longer (--duration), and look at what changed in between',
      ...(drift !== 0 && { observed: Math.abs(drift), threshold: leastChange, unit: 'share' as const }),
      flow,
    }
    // in a closed loop, one follows from the other
    const concerns = (figure: Figure): boolean =>
      takesTime(figure) && (figure.quantity.kind === kind || !isOpen(measurement, flow))
    return [
      {
        on: (figure) =>
          concerns(figure) && figure.selection.flows.some((own) => own.flow === flow)
            ? { validity, reason }
            : undefined,
      },
    ]
  })
}

/** Undefined where there is nothing to say. */
function textOf(
  what: 'latency' | 'rate',
  { kind, drift }: Steadiness,
  steadyFromMs: number | undefined,
): string | undefined {
  const since = steadyFromMs === undefined ? '' : `, until ${formatDuration(steadyFromMs)}`
  if (kind === 'not steady') return `the ${what} was at no level for half of the time`
  if (kind === 'warmup') return `the ${what} was worse at first${since}`
  if (kind === 'slowdown') return `the ${what} became worse${since}`
  return drift === 0 ? undefined : `the ${what} drifted by ${formatPercentage(drift)}`
}
