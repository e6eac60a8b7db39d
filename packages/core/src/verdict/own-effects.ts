import { errors, sum } from '../checks/reading.ts'
import { validityOf } from '../checks/validity.ts'
import type { Thresholds } from '../config/plan.ts'
import type { VerdictReason } from '../plugin/verdict.ts'
import { formatDuration, formatPercentage } from '../text/format.ts'
import { disturbanceOf } from './disturbance.ts'
import type { Effect, Figure } from './effect.ts'
import type { Measurement } from './measurement.ts'
import type { Latency } from './quantity.ts'
import { worstStretch } from './rows/generator.ts'
import type { JudgedSignal } from './signal-row.ts'

/** From here on a mean is one of lower bounds. */
const fewCensored = 0.001
/** See `gradeOf` of `@cloudbench/stats`. */
const indicativeFrom = 3

/** What only shows in a number itself. `signalOf` finds a row of the table. */
export function ownEffects(
  measurement: Measurement,
  figure: Figure,
  signalOf: (name: string) => JudgedSignal | undefined,
): Effect[] {
  const { quantity } = figure
  const failed = (minded: readonly ('suspect' | 'invalid')[]): Effect | undefined =>
    mostlyErrors(figure, signalOf('errors'), minded)
  if (quantity.kind === 'rate') return [failed(['invalid'])].filter((effect) => effect !== undefined)
  if (quantity.kind !== 'latency') return []
  return [
    disturbed(measurement, figure, quantity, signalOf('disturbance')),
    quantity.basis === 'none' ? undefined : failed(['suspect', 'invalid']),
    censored(figure, quantity),
    tooFew(figure),
  ].filter((effect) => effect !== undefined)
}

function disturbed(
  measurement: Measurement,
  figure: Figure,
  quantity: Latency,
  signal: JudgedSignal | undefined,
): Effect | undefined {
  const disturbance = disturbanceOf(measurement, quantity, figure.selection)
  if (disturbance === undefined || signal === undefined) return undefined
  const thresholds = signal.verdict
  const share = (ns: number): number => (ns === 0 ? 0 : figure.value > 0 ? ns / figure.value : 1)
  const itself = validityOf(share(disturbance.ns), thresholds)
  const isBurst = itself === 'valid' && validityOf(share(disturbance.burstNs), thresholds) !== 'valid'
  const validity = isBurst ? 'suspect' : itself
  if (validity !== 'suspect' && validity !== 'invalid') return undefined
  const ns = isBurst ? disturbance.burstNs : disturbance.ns
  return spoiled(figure, validity, {
    code: signal.row.code,
    text: `the generator was late or held up: ${statisticOf(figure)} of that is ${formatDuration(ns / 1e6)}, ${formatPercentage(share(ns))} of ${figure.name}`,
    advice: signal.row.advice,
    observed: share(ns),
    threshold: thresholdOf(thresholds, validity),
    unit: 'share',
    ...worstStretch(measurement),
  })
}

/** A latency minds any that are worth a word, and a rate those that make it one of something else. */
function mostlyErrors(
  figure: Figure,
  signal: JudgedSignal | undefined,
  minded: readonly ('suspect' | 'invalid')[],
): Effect | undefined {
  const { metrics } = figure.selection
  const sent = sum(metrics, 'sent')
  if (signal === undefined || sent === 0) return undefined
  const share = errors(metrics) / sent
  const validity = minded.find((one) => one === validityOf(share, signal.verdict))
  if (validity === undefined) return undefined
  return spoiled(figure, 'suspect', {
    code: signal.row.code,
    text: signal.row.say(formatPercentage(share)),
    advice: signal.row.advice,
    observed: share,
    threshold: thresholdOf(signal.verdict, validity),
    unit: 'share',
  })
}

/** Requests that were given up or never sent took at least as long as they are counted with. */
function censored(figure: Figure, { key, q }: Latency): Effect | undefined {
  const { metrics } = figure.selection
  const count =
    key === 'response'
      ? metrics.reduce((total, part) => total + part.censored, 0)
      : key === 'service'
        ? sum(metrics, 'timedOut') + sum(metrics, 'unanswered')
        : 0
  const all = metrics.reduce(
    (total, { response, service }) => total + (key === 'response' ? response : service).count,
    0,
  )
  const isBeyond = !Number.isFinite(figure.value)
  if ((count === 0 && !isBeyond) || all === 0 || q === 0) return undefined
  const share = count / all
  const isInIt = isBeyond || (q !== undefined && q < 1 && share >= 1 - q - 1e-9)
  if (!isInIt && q !== undefined && q < 1) return undefined
  if (q === undefined && share <= fewCensored) return undefined
  return {
    ...spoiled(figure, isInIt ? 'invalid' : 'suspect', {
      code: 'LOWER_BOUND',
      text: `${figure.name} is a lower bound: ${formatPercentage(share)} of the requests were given up or never sent`,
      advice: 'see why they were not answered; a longer timeout tells how long they would have taken',
    }),
    isLowerBound: true,
  }
}

function tooFew(figure: Figure): Effect | undefined {
  const { grade, samplesBeyond } = figure.estimate
  if (grade !== 'not established') return undefined
  return {
    ...spoiled(figure, 'suspect', {
      code: 'TOO_FEW_SAMPLES',
      text: `${figure.name} is not established: too few independent samples lie beyond it`,
      advice: 'measure for longer (--duration), or look at a lower quantile',
      ...(samplesBeyond !== undefined && {
        observed: samplesBeyond,
        threshold: indicativeFrom,
        unit: 'count' as const,
      }),
    }),
    isLowerBound: true,
  }
}

function spoiled(
  { flow }: Figure,
  validity: 'suspect' | 'invalid',
  reason: Omit<VerdictReason, 'validity' | 'flow'>,
): Effect {
  return { validity, reason: { ...reason, validity, ...(flow !== undefined && { flow }) } }
}

function thresholdOf({ suspectAbove, invalidAbove }: Thresholds, validity: 'suspect' | 'invalid'): number {
  return (validity === 'invalid' ? invalidAbove : suspectAbove) ?? suspectAbove ?? 0
}

/** `p99` of `response.p99`. */
function statisticOf({ name }: Figure): string {
  return name.slice(name.indexOf('.') + 1)
}
