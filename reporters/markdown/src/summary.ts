import {
  errorShareOf,
  flatLine,
  measuredOf,
  ratePerSecond,
  sumFlows,
  type CheckResult,
  type Run,
  type RunResult,
  type ScenarioResult,
  type Source,
} from '@cloudbench/core'
import { formatCount, formatDuration, formatPercentage, formatRate, numberOf } from '@cloudbench/core/text'
import { courseOf } from './course.ts'
import { detailsOf, row } from './details.ts'
import { createEscape, type Escape } from './escape.ts'
import { findingsOf, type Finding } from './findings.ts'
import { fit, type Piece } from './fit.ts'
import { marked } from './verdict.ts'

export { findingsOf, type Finding }

/** Below this there is no room for a headline and a table. */
export const leastBytes = 4_096

const marks = { passed: '✅', failed: '❌', invalid: '❓', errored: '💥', interrupted: '⚠️' } as const

export interface SummaryOptions {
  readonly limitBytes: number
  redact(text: string): string
}

/** A run for people who read Markdown: the verdict, a table, what failed, and the rest folded. At most so many bytes. */
export function summaryOf(result: RunResult, { limitBytes, redact }: SummaryOptions): string {
  const escape = createEscape(redact)
  const { run, scenarios, reason } = result
  const findings = findingsOf(result)
  const pieces: Piece[] = [
    { rank: 0, text: `## ${marks[reason]} ${escape.code(run.name)} ${headlineOf(result)}\n\n` },
    ...tableOf(scenarios, escape),
    ...findings.map((finding, at) => ({
      rank: among(1, at),
      what: 'finding',
      text: lineOf(finding, escape),
    })),
    ...(findings.length > 0 ? [{ rank: 0, text: '\n' }] : []),
    ...scenarios.flatMap((scenario, at): Piece[] => [
      { rank: among(2, at), what: 'course over time', text: courseBlock(scenario, escape) },
      { rank: among(2, at), what: 'detail', text: detailsOf(scenario, escape) },
    ]),
    { rank: 0, text: footerOf(run, escape) },
  ]
  return fit(pieces, limitBytes)
}

/** Of several kinds the first ones are kept, whatever there is more of. */
function among(rank: number, at: number): number {
  return rank + at * 1e-6
}

/** What a file says until its run is over: one that still says it belongs to a run that never finished. */
export function unfinishedSummary(run: Run, redact: SummaryOptions['redact']): string {
  const escape = createEscape(redact)
  return `## 💥 ${escape.code(run.name)} has not ended\n\nIf it is no longer running, its process was killed before it could report.\n\n${footerOf(run, escape)}`
}

function headlineOf({ reason, checks, scenarios }: RunResult): string {
  const audits = scenarios.flatMap((scenario) => scenario.audits)
  const parts = [...tally(checks, 'check'), ...tally(audits, 'audit')]
  const ending = reason === 'errored' ? 'could not be measured' : reason
  return parts.length > 0 ? `${ending}: ${parts.join(', ')}` : ending
}

function tally(found: readonly Pick<CheckResult, 'status'>[], what: string): string[] {
  const judged = found.filter(({ status }) => status !== 'skipped')
  const count = `${judged.length} ${what}${judged.length === 1 ? '' : 's'}`
  const broken = (['failed', 'invalid'] as const).flatMap((wanted) => {
    const having = judged.filter(({ status }) => status === wanted).length
    return having > 0 ? [`${having} ${wanted}`] : []
  })
  if (judged.length === 0) return []
  const [only] = broken
  if (only === undefined) return [count]
  return [broken.length === 1 ? only.replace(' ', ` of ${count} `) : `${broken.join(' and ')} of ${count}`]
}

function tableOf(scenarios: readonly ScenarioResult[], escape: Escape): Piece[] {
  if (scenarios.length === 0) return [{ rank: 0, text: 'No scenario ran.\n\n' }]
  const titles = ['requests', 'rate', 'errors', 'latency', 'p50', 'p99', 'max', 'verdict', 'checks']
  const rules = titles.map((title) => (title === 'latency' || title === 'verdict' ? '---' : '---:'))
  return [
    { rank: 0, text: `${row('scenario', titles)}\n${row('---', rules)}\n` },
    ...scenarios.map((result, at) => ({
      rank: among(1, at),
      what: 'scenario',
      text: `${rowOf(result, escape)}\n`,
    })),
    { rank: 0, text: '\n' },
  ]
}

function rowOf(result: ScenarioResult, { code }: Escape): string {
  const { scenario, checks, audits, reason, verdict } = result
  const { flows, elapsedMs } = measuredOf(result)
  const { total } = sumFlows(flows)
  const basis = flatLine(result).latency_basis
  const latency = total[basis]
  const judged = [...checks, ...audits].filter(({ status }) => status !== 'skipped')
  const of = (metric: string, text: string): string => marked(text, numberOf(verdict, metric))
  const held = judged.filter(({ status }) => status === 'passed').length
  return row(`${marks[reason]} ${code(scenario.id)}`, [
    formatCount(total.sent),
    of('rate', formatRate(ratePerSecond(total, elapsedMs), 3)),
    of('errors.rate', formatPercentage(errorShareOf(total))),
    basis,
    of(`${basis}.p50`, time(latency.percentile(50))),
    of(`${basis}.p99`, time(latency.percentile(99))),
    of(`${basis}.max`, latency.count === 0 ? '–' : time(latency.max)),
    verdict?.validity ?? '–',
    judged.length === 0 ? '–' : `${held} of ${judged.length}`,
  ])
}

function time(ns: number): string {
  return formatDuration(ns / 1e6)
}

function lineOf({ level, title, text, scenario, source }: Finding, { code, inert }: Escape): string {
  const whose = scenario === undefined ? '' : `${code(scenario)}: `
  const place = source === undefined ? '' : ` (${code(placeOf(source))})`
  return `- ${level === 'error' ? '❌' : '⚠️'} ${whose}${code(title)}: ${inert(text)}${place}\n`
}

/** `config/scenarios/api.yaml:7`. */
function placeOf({ file, line }: Source): string {
  return line === undefined ? file : `${file}:${line}`
}

function courseBlock(result: ScenarioResult, { code }: Escape): string {
  const lines = courseOf(result, flatLine(result).latency_basis)
  if (lines.length === 0) return ''
  // indented code would be a part of the list above
  return `${code(result.scenario.id)} over time:\n\n\`\`\`text\n${lines.join('\n')}\n\`\`\`\n\n`
}

function footerOf({ id, version, configDigest, startedAt }: Run, { code, inert }: Escape): string {
  return `<sub>run ${code(id)} of ${startedAt.toISOString().slice(0, 19)}Z, cloudbench ${inert(version)}, configuration ${code(configDigest.slice(0, 12))}</sub>\n`
}
