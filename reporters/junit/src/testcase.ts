import type { AuditResult, CheckResult, RunError, ScenarioResult } from '@cloudbench/core'
import type { Element } from './xml.ts'

/** One row of a dashboard. */
export interface Testcase {
  readonly name: string
  readonly timeMs?: number
  readonly end: 'passed' | 'failure' | 'error' | 'skipped'
  /** What sort of claim it was; stands where dashboards expect the class of an exception. */
  readonly type: string
  /** Why it did not pass. */
  readonly message?: string
}

/** Everything a scenario claims, in the order of the configuration: checks, audits, then what went wrong besides. */
export function testcasesOf(result: ScenarioResult): Testcase[] {
  const { checks, audits, errors, reason } = result
  const isWhole = reason === 'passed' || reason === 'failed'
  return distinct([
    // without checks there would be nothing to see; and half a scenario must not look like a whole one
    ...(checks.length === 0 || !isWhole ? [completion(result)] : []),
    ...checks.map(ofCheck),
    ...audits.map(ofAudit),
    ...errors.map(ofError),
  ])
}

function completion({ reason, phases, errors }: ScenarioResult): Testcase {
  const timeMs = phases.reduce((sum, { elapsedMs }) => sum + elapsedMs, 0)
  const testcase = { name: 'completed', type: reason, timeMs }
  if (reason === 'interrupted')
    return { ...testcase, end: 'error', message: 'interrupted: the figures are of what ran' }
  if (reason === 'errored')
    return { ...testcase, end: 'error', message: errors[0]?.message ?? 'it did not run to its end' }
  return { ...testcase, end: 'passed' }
}

function ofCheck({ name, status, expected, actual }: CheckResult): Testcase {
  const testcase = { name: `${name} ${expected}`, type: 'check' }
  if (status === 'passed') return { ...testcase, end: 'passed' }
  if (status === 'skipped') return { ...testcase, end: 'skipped', message: actual }
  return { ...testcase, end: 'failure', message: `expected ${expected}, was ${actual}` }
}

function ofAudit(audit: AuditResult & { readonly flow: string }): Testcase {
  const { name, flow, status, examined, violations, message } = audit
  const testcase = { name: `${flow}: ${name}`, type: 'audit' }
  if (status === 'passed') return { ...testcase, end: 'passed' }
  if (status === 'skipped') return { ...testcase, end: 'skipped', message: message ?? 'nothing to examine' }
  const found = `${violations} wrong of ${examined}`
  return { ...testcase, end: 'failure', message: message === undefined ? found : `${found}: ${message}` }
}

export function ofError({ source, during, message }: RunError): Testcase {
  return { name: `${source}: ${during}`, type: source, end: 'error', message }
}

/** Readers take two of one name for one. */
export function distinct(testcases: readonly Testcase[]): Testcase[] {
  const seen = new Map<string, number>()
  return testcases.map((testcase) => {
    const count = (seen.get(testcase.name) ?? 0) + 1
    seen.set(testcase.name, count)
    return count === 1 ? testcase : { ...testcase, name: `${testcase.name} (${count})` }
  })
}

export function elementOf(testcase: Testcase, classname: string): Element {
  const { name, timeMs = 0, end, type, message = '' } = testcase
  const attributes = { classname, name, time: seconds(timeMs) }
  if (end === 'passed') return { name: 'testcase', attributes }
  const [first] = message.split('\n', 1)
  const detail: Element =
    end === 'skipped'
      ? { name: end, attributes: { message: first } }
      : { name: end, attributes: { type, message: first }, text: message }
  return { name: 'testcase', attributes, children: [detail] }
}

export function seconds(timeMs: number): string {
  return (timeMs / 1_000).toFixed(3)
}
