import { isRefused } from '@cloudbench/core'
import type { CheckResult, EndReason, RunError, ScenarioResult, Source, Verdict } from '@cloudbench/core'
import { formatCoverage, formatThreshold, formatWindow } from '@cloudbench/core/text'

/** One line of a dashboard. */
export interface TestCase {
  /** The same in every run, so that a dashboard recognises the case: it contains no measured value. */
  readonly name: string
  readonly outcome: Outcome
  /** What was tested: a check, an audit, that the numbers can be believed, that nothing went wrong, that the load completed. */
  readonly kind: 'check' | 'audit' | 'verdict' | 'error' | 'completed'
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

/**
 * Whether the numbers can be believed. What is doubtful and may pass is skipped: a list that is all green would say that it
 * is not doubtful, and a failure would stop a pipeline that nobody asked to stop.
 */
export function verdictCase(verdict: Verdict): TestCase {
  const { validity, reasons, limitedBy, isInvalidAllowed } = verdict
  const allowed = isInvalidAllowed && validity === 'invalid' ? ', which was allowed' : ''
  const coverage = formatCoverage(verdict)
  const lines = [
    ...reasons.map((reason) => {
      const where = [formatThreshold(reason), formatWindow(reason)].filter((text) => text !== '').join(', ')
      return `${reason.code}: ${reason.text}${where === '' ? '' : ` (${where})`}: ${reason.advice}`
    }),
    ...(limitedBy === undefined ? [] : [`limited by: ${limitedBy}`]),
    ...(coverage === '' ? [] : [coverage]),
  ]
  const first = reasons[0] === undefined ? coverage : reasons[0].text
  return {
    name: 'verdict',
    outcome: isRefused(validity, verdict) ? 'error' : validity === 'valid' ? 'passed' : 'skipped',
    kind: 'verdict',
    text: [`${validity}${allowed}${first === '' ? '' : `: ${first}`}`, ...lines].join('\n'),
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
  // a verdict that is skipped is none that was interrupted
  return cases.some(({ kind, outcome }) => outcome === telling[reason] && kind !== skipping[reason])
}

/** Cases that have the outcome for another reason. */
const skipping: Readonly<Partial<Record<EndReason, TestCase['kind']>>> = { interrupted: 'verdict' }

const telling: Readonly<Record<EndReason, Outcome>> = {
  passed: 'passed',
  failed: 'failure',
  invalid: 'error',
  errored: 'error',
  interrupted: 'skipped',
}
