import { isRefused } from '../checks/validity.ts'
import type { EndReason, RunError, RunResult, ScenarioResult } from '../plugin/model.ts'
import { exitCodeOf, worstOf } from './exit-code.ts'

type Ended = Pick<ScenarioResult, 'audits' | 'checks' | 'errors' | 'phases' | 'verdict'>

/** How a scenario ended, from what is known of it. */
export function scenarioReason(
  { audits, checks, errors, phases, verdict }: Ended,
  isInterrupted: boolean,
): EndReason {
  if (isInterrupted) return 'interrupted'
  if (errors.some((error) => !spoilsNumbers(error))) return 'errored'
  if (errors.length > 0 || phases.some(({ breaches }) => breaches.length > 0)) return 'invalid'
  if (verdict && isRefused(verdict.validity, verdict)) return 'invalid'
  if (checks.some(({ status }) => status === 'invalid')) return 'invalid'
  return [...checks, ...audits].some(({ status }) => status === 'failed') ? 'failed' : 'passed'
}

/** A lost worker and books that do not add up leave numbers, which cannot be believed. Everything else leaves none. */
function spoilsNumbers({ source }: RunError): boolean {
  return /^(accounting|worker \d+)$/.test(source)
}

/** How a run ended: as its worst scenario, or worse. */
export function runReason(
  { checks, errors, scenarios }: Pick<RunResult, 'checks' | 'errors' | 'scenarios'>,
  isInterrupted: boolean,
): EndReason {
  const has = (status: 'failed' | 'invalid'): boolean => checks.some((check) => check.status === status)
  return worstOf([
    ...scenarios.map(({ reason }) => reason),
    ...(errors.length > 0 ? (['errored'] as const) : []),
    ...(['failed', 'invalid'] as const).filter(has),
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
