import { validityOf } from '../checks/validity.ts'
import type { Thresholds } from '../config/plan.ts'
import type { SignalVerdict, VerdictCode, VerdictReason } from '../plugin/verdict.ts'
import { formatMeasure } from './format-verdict.ts'
import type { Measurement } from './measurement.ts'

/** Something that is watched, with its thresholds: a row of the table. */
export interface SignalRow extends Thresholds {
  /** As in `verdict.thresholds.<name>`. Stable. */
  readonly name: string
  readonly unit: SignalVerdict['unit']
  readonly code: VerdictCode
  /** What it is, in one line. */
  readonly text: string
  /** Where it is read, and where its thresholds come from, if not from us. */
  readonly source: string
  readonly advice: string
  /**
   * What it is about. `tails`: latencies, from the quantile on that it can reach, and what follows from them. `run`: everything that
   * takes time. `nothing`: it only says something about the machine. `own`: more is known than how much there was of it.
   */
  readonly concerns: 'tails' | 'run' | 'nothing' | 'own'
  /** For the reason: `{observed} of the CPU time that was asked for was stolen`. */
  say(observed: string): string
  read(measurement: Measurement): Reading
}

/** The worst value, or why there is none. */
export type Reading = Observation | { readonly missing: string }

export interface Observation extends Pick<VerdictReason, 'window' | 'worker' | 'flow'> {
  readonly value: number
  /** Of concern `tails`: the share of requests, or of the time, that it may have reached. @default the value */
  readonly reach?: number
}

/** A row that was read, and how it stands with its thresholds. */
export interface JudgedSignal {
  readonly row: SignalRow
  readonly verdict: SignalVerdict
  readonly observation?: Observation
  /** The one that it is beyond. */
  readonly threshold?: number
}

/** Reads a row. A value that is no number says as little as none. */
export function judgeSignal(
  row: SignalRow,
  measurement: Measurement,
  thresholds: Thresholds = row,
): JudgedSignal {
  const { name, unit } = row
  const { suspectAbove, invalidAbove } = thresholds
  const reading = row.read(measurement)
  const known = { name, suspectAbove, invalidAbove, unit }
  if ('missing' in reading)
    return { row, verdict: { ...known, validity: 'unknown', missing: reading.missing } }
  if (!Number.isFinite(reading.value))
    return { row, verdict: { ...known, validity: 'unknown', missing: `it was ${reading.value}` } }
  const validity = validityOf(reading.value, thresholds)
  const threshold = validity === 'invalid' ? invalidAbove : validity === 'suspect' ? suspectAbove : undefined
  return {
    row,
    verdict: { ...known, validity, observed: reading.value },
    observation: reading,
    ...(typeof threshold === 'number' && { threshold }),
  }
}

/** For people: `3.2 % of the CPU time that was asked for was stolen`. Only of what was read. */
export function sayingOf({ row, verdict }: JudgedSignal): string {
  return row.say(formatMeasure(verdict.observed!, row.unit))
}

/** A signal that is beyond a threshold as a reason. */
export function reasonOf(signal: JudgedSignal, validity: 'suspect' | 'invalid'): VerdictReason {
  const { row, verdict, threshold, observation } = signal
  const { worker, flow, window } = observation!
  const { suspectAbove } = verdict
  return {
    code: row.code,
    validity,
    text: sayingOf(signal),
    advice: row.advice,
    observed: verdict.observed!,
    threshold: validity === 'suspect' && suspectAbove !== null ? suspectAbove : threshold!,
    unit: row.unit,
    ...(worker !== undefined && { worker }),
    ...(flow !== undefined && { flow }),
    ...(window && { window }),
  }
}
