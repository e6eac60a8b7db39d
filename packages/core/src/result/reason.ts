import type { RunError, RunResult } from '../plugin/model.ts'
import { exitCodeOf, worstOf } from './exit-code.ts'

/** The result with further errors, and the reason and exit code that follow. */
export function withErrors(
  result: RunResult,
  errors: readonly RunError[],
  redact: (text: string) => string,
  isInterrupted = result.reason === 'interrupted',
): RunResult {
  const all = [...result.errors, ...errors.map((error) => ({ ...error, message: redact(error.message) }))]
  const reason = worstOf([
    ...result.scenarios.map((scenario) => scenario.reason),
    ...(all.length > 0 ? (['errored'] as const) : []),
    ...(result.checks.some(({ status }) => status === 'failed') ? (['failed'] as const) : []),
    ...(isInterrupted ? (['interrupted'] as const) : []),
    // a run without scenarios measured nothing
    ...(result.scenarios.length === 0 ? (['errored'] as const) : []),
  ])
  return { ...result, errors: all, reason, exitCode: exitCodeOf(reason) }
}
