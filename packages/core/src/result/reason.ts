import type { EndReason, RunError, RunResult, ScenarioResult } from '../plugin/model.ts'
import { exitCodeOf, worstOf } from './exit-code.ts'

/** How a scenario ended, from what is known of it. */
export function scenarioReason(
  { audits, checks, errors, phases }: Pick<ScenarioResult, 'audits' | 'checks' | 'errors' | 'phases'>,
  isInterrupted: boolean,
): EndReason {
  if (isInterrupted) return 'interrupted'
  if (errors.length > 0 || phases.some(({ breaches }) => breaches.length > 0)) return 'errored'
  return [...checks, ...audits].some(({ status }) => status === 'failed') ? 'failed' : 'passed'
}

/** How a run ended: as its worst scenario, or worse. */
export function runReason(
  { checks, errors, scenarios }: Pick<RunResult, 'checks' | 'errors' | 'scenarios'>,
  isInterrupted: boolean,
): EndReason {
  return worstOf([
    ...scenarios.map(({ reason }) => reason),
    ...(errors.length > 0 ? (['errored'] as const) : []),
    ...(checks.some(({ status }) => status === 'failed') ? (['failed'] as const) : []),
    ...(isInterrupted ? (['interrupted'] as const) : []),
    // a run without scenarios measured nothing
    ...(scenarios.length === 0 ? (['errored'] as const) : []),
  ])
}

/** The result with further errors, and the reason and exit code that follow. */
export function withErrors(
  result: RunResult,
  errors: readonly RunError[],
  redact: (text: string) => string,
  isInterrupted = result.reason === 'interrupted',
): RunResult {
  const all = [...result.errors, ...errors.map((error) => ({ ...error, message: redact(error.message) }))]
  const reason = runReason({ ...result, errors: all }, isInterrupted)
  return { ...result, errors: all, reason, exitCode: exitCodeOf(reason) }
}
