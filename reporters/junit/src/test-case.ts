import type { CheckResult, EndReason, RunError, ScenarioResult, Source } from '@cloudbench/core'

/** One line of a dashboard. */
export interface TestCase {
  /** The same in every run, so that a dashboard recognises the case: it contains no measured value. */
  readonly name: string
  readonly outcome: Outcome
  /** What was tested: a check, an audit, that nothing went wrong, that the load completed. */
  readonly kind: 'check' | 'audit' | 'error' | 'completed'
  /** What was found. The first line is what lists show. */
  readonly text: string
  /** Where it was written, if not where its scenario was. */
  readonly source?: Source | undefined
}

export type Outcome = 'passed' | 'failure' | 'error' | 'skipped'

/** A check that could not be judged is an error, as a test that could not be carried out: no dashboard shows it green. */
const outcomes = { passed: 'passed', failed: 'failure', invalid: 'error', skipped: 'skipped' } as const

export function checkCase({ name, status, expected, actual, source }: CheckResult): TestCase {
  return {
    name: `check ${name}`,
    outcome: outcomes[status],
    kind: 'check',
    text: `${actual}, expected ${expected}`,
    source,
  }
}

export function auditCase({
  name,
  flow,
  status,
  examined,
  violations,
  message,
}: ScenarioResult['audits'][number]): TestCase {
  const details = message === undefined ? '' : `: ${message}`
  return {
    name: `audit ${flow}/${name}`,
    outcome: outcomes[status],
    kind: 'audit',
    text: `${violations} of ${examined} wrong${details}`,
  }
}

/** What went wrong outside the target. It is there only when it happens. */
export function errorCase({ source, during, message }: RunError): TestCase {
  return { name: `error ${source}: ${during}`, outcome: 'error', kind: 'error', text: message }
}

/** Represents something without its own cases, because dashboards do not show a suite without any. */
export function completedCase(outcome: Outcome, text: string): TestCase {
  return { name: 'completed', outcome, kind: 'completed', text }
}

/** Whether a dashboard that shows these cases shows that it ended this way. */
export function tells(cases: readonly TestCase[], reason: EndReason): boolean {
  return cases.some(({ outcome }) => outcome === telling[reason])
}

const telling: Readonly<Record<EndReason, Outcome>> = {
  passed: 'passed',
  failed: 'failure',
  invalid: 'error',
  errored: 'error',
  interrupted: 'skipped',
}
