import {
  measuredOf,
  sumFlows,
  type CheckResult,
  type RunError,
  type RunResult,
  type ScenarioResult,
  type Source,
} from '@cloudbench/core'
import { formatCount, formatCoverage, formatThreshold } from '@cloudbench/core/text'

/** Something that people should know of a run: what failed, and what makes its numbers doubtful. */
export interface Finding {
  readonly level: 'error' | 'warning'
  /** `check response.p99`, `audit main/stored`, `error target: start`. */
  readonly title: string
  readonly text: string
  /** Absent for what belongs to the run. */
  readonly scenario?: string | undefined
  /** Where to look: the place of the check, or else of its scenario. */
  readonly source?: Source | undefined
}

/** What failed first, then what is doubtful; each in the order of the scenarios. */
export function findingsOf({ run, scenarios, checks, errors, reason }: RunResult): Finding[] {
  const sources = new Map(run.scenarios.map(({ id, source }) => [id, source]))
  const found = [
    ...scenarios.flatMap(ofScenario),
    ...checks.filter(({ addedBy }) => addedBy?.hook === 'run:evaluate').flatMap(ofCheck),
    ...errors.map(ofError),
    ...unreached(run.scenarios, scenarios, reason),
  ].map((finding) => ({ ...finding, source: finding.source ?? sources.get(finding.scenario ?? '') }))
  return (['error', 'warning'] as const).flatMap((level) =>
    found.filter((finding) => finding.level === level),
  )
}

function ofScenario(result: ScenarioResult): Finding[] {
  const { scenario, checks, audits, errors, reason } = result
  const own = [
    ...errors.map(ofError),
    ...checks.flatMap(ofCheck),
    ...audits.flatMap(({ flow, name, status, violations, examined, message }): Finding[] => {
      const said = message === undefined ? '' : `: ${message}`
      const title = `audit ${flow}/${name}`
      if (status === 'failed') return [failed(title, `${violations} of ${examined} wrong${said}`)]
      return status === 'skipped' ? [doubtful(title, `not examined${said}`)] : []
    }),
    ...doubtsOf(result),
  ]
  // they follow from the error, or from the interrupt
  const isCut = reason === 'errored' || reason === 'interrupted'
  const told = own.filter(({ title }) => !isCut || !skippedCheck.test(title))
  return told.map((finding) => ({ ...finding, scenario: scenario.id }))
}

const skippedCheck = /^skipped: /

function ofCheck({ name, status, expected, actual, scenario, source }: CheckResult): Finding[] {
  const place = { scenario: scenario === '' ? undefined : scenario, source }
  if (status === 'failed' || status === 'invalid')
    return [{ ...failed(`check ${name}`, `${actual}, expected ${expected}`), ...place }]
  return status === 'skipped' ? [{ ...doubtful(`skipped: check ${name}`, actual), ...place }] : []
}

function ofError({ source, during, message, scenario }: RunError): Finding {
  return { ...failed(`error ${source}: ${during}`, message), scenario }
}

/** What makes numbers doubtful that no check may look at. */
function doubtsOf(result: ScenarioResult): Finding[] {
  const { scenario, reason } = result
  const { flows } = measuredOf(result)
  const { total } = sumFlows(flows)
  const doubts: Finding[] = []
  if (reason === 'interrupted')
    doubts.push(doubtful('interrupted', `after ${formatCount(total.sent)} requests, so nothing was checked`))
  if (total.unsent > 0)
    doubts.push(
      doubtful(
        'the rate was not reached',
        `${formatCount(total.unsent)} requests came due and were never sent`,
      ),
    )
  const floors = scenario.flows.filter(({ target }) => target.origin === 'loopback')
  if (floors.length > 0)
    doubts.push(
      doubtful(
        'no service was measured',
        `${floors.map(({ name }) => name).join(', ')} ran against the loopback server, which does no work`,
      ),
    )
  return [...doubts, ...verdictOf(result)]
}

/** Why the numbers are not valid. An error where that is what the scenario ended with. */
function verdictOf({ verdict, checks, reason: ending }: ScenarioResult): Finding[] {
  if (verdict === undefined) return []
  const { validity, reasons, isInvalidAllowed } = verdict
  const isAnyInvalid = [verdict, ...checks].some((one) => one.validity === 'invalid')
  const allowed =
    isInvalidAllowed && isAnyInvalid
      ? [doubtful('invalid numbers were allowed', 'as --allow-invalid asks for')]
      : []
  // what spoils only the furthest quantiles is among the details
  if (validity === 'valid') return allowed
  const found = reasons
    .filter((reason) => reason.validity !== 'unknown')
    .map((reason): Finding => {
      const threshold = formatThreshold(reason)
      const text = `${reason.text}${threshold === '' ? '' : ` (${threshold})`}: ${reason.advice}`
      const isError = ending === 'invalid' && reason.validity === 'invalid'
      return { level: isError ? 'error' : 'warning', title: `verdict ${reason.code}`, text }
    })
  if (found.length > 0 || validity !== 'unknown') return [...allowed, ...found]
  const coverage = formatCoverage(verdict)
  return [...allowed, doubtful('verdict unknown', coverage === '' ? 'nothing was watched' : coverage)]
}

/** Scenarios that the end of the run came before. */
function unreached(
  planned: RunResult['run']['scenarios'],
  ended: RunResult['scenarios'],
  reason: RunResult['reason'],
): Finding[] {
  const known = new Set(ended.map(({ scenario }) => scenario.id))
  const level = reason === 'passed' || reason === 'interrupted' ? 'warning' : 'error'
  return planned
    .filter(({ id }) => !known.has(id))
    .map(({ id }) => ({ level, title: 'did not run', text: 'the run ended before it began', scenario: id }))
}

function failed(title: string, text: string): Finding {
  return { level: 'error', title, text }
}

function doubtful(title: string, text: string): Finding {
  return { level: 'warning', title, text }
}
