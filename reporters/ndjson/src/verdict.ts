import type { Verdict } from '@cloudbench/core'
import type { Value } from './measured.ts'

/** Whether what was measured can be believed, and why not. Values are in the unit beside them. */
export function verdictOf(verdict: Verdict): Value {
  const { validity, reasons, limitedBy, numbers, steadyStates, signals, required, isInvalidAllowed } = verdict
  return {
    validity,
    limited_by: limitedBy ?? null,
    required,
    invalid_allowed: isInvalidAllowed,
    reasons: reasons.map(
      ({ code, validity: own, text, advice, observed, threshold, unit, flow, worker, window }) => ({
        code,
        validity: own,
        text,
        advice,
        observed: finite(observed),
        threshold: finite(threshold),
        unit: unit ?? null,
        flow: flow ?? null,
        worker: worker ?? null,
        window:
          window === undefined
            ? null
            : { phase: window.phase, start_ms: finite(window.startMs), end_ms: finite(window.endMs) },
      }),
    ),
    numbers: numbers.map(({ flow, operation, metric, unit, value, interval, grade, ...rest }) => ({
      flow: flow ?? null,
      operation: operation ?? null,
      metric,
      unit,
      value: finite(value),
      low: finite(interval?.low),
      high: finite(interval?.high),
      grade: grade ?? null,
      lower_bound: rest.isLowerBound ?? false,
      validity: rest.validity,
      codes: [...rest.codes],
    })),
    steady_states: steadyStates.map(({ flow, kind, steadyFromMs, drift }) => ({
      flow,
      kind,
      steady_from_ms: finite(steadyFromMs),
      drift: finite(drift),
    })),
    signals: signals.map(({ name, validity: own, observed, suspectAbove, invalidAbove, unit, missing }) => ({
      name,
      validity: own,
      observed: finite(observed),
      suspect_above: suspectAbove,
      invalid_above: invalidAbove,
      unit,
      missing: missing ?? null,
    })),
  }
}

/** Null for what there is not, or no number can hold. */
function finite(value: number | null | undefined): number | null {
  return Number.isFinite(value) ? value! : null
}
