import type {
  FlowMetrics,
  Metrics,
  NumberVerdict,
  SignalVerdict,
  SteadyState,
  Verdict,
  VerdictReason,
} from '@cloudbench/core'
import { ratePerSecond, sumFlows } from '@cloudbench/core'

/** What is said of a scenario, beside the numbers that are all right. */
export interface Doubts {
  readonly validity: Verdict['validity']
  readonly reasons?: readonly VerdictReason[]
  readonly limitedBy?: NonNullable<Verdict['limitedBy']>
  /** What differs, by metric, in every flow and operation. */
  readonly numbers?: Readonly<Record<string, Partial<NumberVerdict>>>
  readonly steady?: Omit<SteadyState, 'flow'>
  readonly signals?: readonly SignalVerdict[]
  readonly required?: Verdict['required']
  readonly isInvalidAllowed?: boolean
}

const quantiles = [50, 90, 95, 99, 99.9] as const
const distributions = ['response', 'service'] as const

export const signals: readonly SignalVerdict[] = [
  {
    name: 'steal',
    validity: 'valid',
    observed: 0.004,
    suspectAbove: 0.01,
    invalidAbove: 0.05,
    unit: 'share',
  },
  {
    name: 'run delay',
    validity: 'valid',
    observed: 0,
    suspectAbove: 0.01,
    invalidAbove: 0.05,
    unit: 'share',
  },
  { name: 'clock drift', validity: 'valid', observed: 12, suspectAbove: 100, invalidAbove: 500, unit: 'ppm' },
  {
    name: 'credits',
    validity: 'unknown',
    suspectAbove: null,
    invalidAbove: null,
    unit: 'count',
    missing: 'no environment samples cpu.credits',
  },
]

/** Whether what was measured of these flows can be believed: all of it, but for the doubts. */
export function verdictOf(flows: readonly FlowMetrics[], elapsedMs: number, doubts: Doubts): Verdict {
  const { validity, reasons = [], limitedBy, numbers = {}, steady, required = 'suspect' } = doubts
  const places: (readonly [metrics: Metrics, place: Pick<NumberVerdict, 'flow' | 'operation'>])[] = [
    [sumFlows(flows).total, {}],
    ...flows.flatMap(({ flow, total, operations }) => [
      [total, { flow }] as const,
      ...Object.entries(operations).map(([operation, metrics]) => [metrics, { flow, operation }] as const),
    ]),
  ]
  return {
    validity,
    reasons,
    ...(limitedBy !== undefined && { limitedBy }),
    numbers: places.flatMap(([metrics, place]) =>
      numbersOf(metrics, elapsedMs).map((number) => ({ ...number, ...place, ...numbers[number.metric] })),
    ),
    steadyStates: flows.map(({ flow }) => ({ flow, kind: 'flat', steadyFromMs: 0, ...steady })),
    signals: doubts.signals ?? signals,
    required,
    isInvalidAllowed: doubts.isInvalidAllowed ?? false,
  }
}

function numbersOf(metrics: Metrics, elapsedMs: number): NumberVerdict[] {
  const rate = ratePerSecond(metrics, elapsedMs)
  return [
    {
      metric: 'rate',
      unit: 'perSecond',
      value: rate,
      interval: { low: rate * 0.98, high: rate * 1.02 },
      validity: 'valid',
      codes: [],
    },
    ...distributions
      .filter((name) => metrics[name].count > 0)
      .flatMap((name) => [
        ...quantiles.map((p): NumberVerdict => {
          const value = metrics[name].percentile(p)
          // the further out, the less is known
          const grade = p < 99 ? 'established' : p === 99 ? 'indicative' : 'not established'
          const isShort = grade === 'not established'
          return {
            metric: `${name}.p${p}`,
            unit: 'ns',
            value,
            interval: { low: value * 0.95, high: p < 99 ? value * 1.04 : null },
            grade,
            validity: isShort ? 'suspect' : 'valid',
            codes: isShort ? ['TOO_FEW_SAMPLES'] : [],
          }
        }),
        {
          metric: `${name}.mean`,
          unit: 'ns',
          value: metrics[name].mean,
          interval: { low: metrics[name].mean * 0.97, high: metrics[name].mean * 1.03 },
          validity: 'valid',
          codes: [],
        } satisfies NumberVerdict,
      ]),
  ]
}
