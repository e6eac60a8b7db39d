import type { CheckResult, Source } from '@cloudbench/core'
import { count } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { Report, ScenarioReport } from '../report.ts'
import { badge } from './badge.ts'
import { table } from './table.ts'

/** Every check and audit of the run. */
export function checksAndAudits({ scenarios, result }: Report): Content {
  const checks = result?.checks ?? scenarios.flatMap((scenario) => scenario.checks)
  const hasAudits = scenarios.some(({ audits }) => audits.length > 0)
  if (checks.length === 0 && !hasAudits) return undefined
  const isOne = scenarios.length === 1
  /** Where there is one scenario, everything belongs to it. */
  const whose = (scenario: string): Content => (isOne ? undefined : scenario)
  return html`<section id="checks" class="card" aria-labelledby="checks-title">
    <h2 id="checks-title">Checks</h2>
    ${checks.length > 0 && checkTable(checks, whose)} ${hasAudits && auditTable(scenarios, whose)}
  </section>`
}

function checkTable(checks: readonly CheckResult[], whose: (scenario: string) => Content): Content {
  return table(
    'Checks',
    [
      { title: 'check' },
      { title: 'scenario', isText: true },
      { title: 'result', isText: true },
      { title: 'measured' },
      { title: 'expected' },
      { title: 'of the limit', isText: true },
      { title: 'from', isText: true },
    ],
    checks.map((check) => [
      check.addedBy === undefined ? check.name : `${check.name} (${check.addedBy.plugin})`,
      whose(check.scenario),
      badge(check.status),
      check.value === undefined ? check.actual : html`<data value="${check.value}">${check.actual}</data>`,
      check.expected,
      used(check),
      check.source && placeOf(check.source),
    ]),
  )
}

function auditTable(scenarios: readonly ScenarioReport[], whose: (scenario: string) => Content): Content {
  return table(
    'Audits: what was acknowledged, beside what is stored',
    [
      { title: 'audit' },
      { title: 'scenario', isText: true },
      { title: 'result', isText: true },
      { title: 'examined' },
      { title: 'wrong' },
      { title: 'what was found', isText: true },
    ],
    scenarios.flatMap(({ scenario, audits }) =>
      audits.map(({ name, flow, status, examined, violations, message }) => [
        `${flow}: ${name}`,
        whose(scenario.id),
        badge(status),
        count(examined),
        count(violations),
        message,
      ]),
    ),
  )
}

function placeOf({ file, line }: Source): string {
  return line === undefined ? file : `${file}:${line}`
}

/** How much of the limit was used, drawn; where more is better, nothing. */
function used({ value, limit, expected, status }: CheckResult): Content {
  if (
    status === 'invalid' ||
    value === undefined ||
    limit === undefined ||
    !(limit > 0) ||
    !expected.startsWith('<')
  )
    return undefined
  const percent = Math.round((value / limit) * 100)
  const width = Math.max(2, Math.min(100, percent))
  return html`<svg
    class="bar ${status}"
    width="100"
    height="8"
    role="img"
    aria-label="${percent} % of the limit"
  >
    <rect class="track" width="100" height="8" rx="4" />
    <rect class="fill" width="${width}" height="8" rx="4" />
  </svg>`
}
