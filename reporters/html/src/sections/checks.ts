import type { CheckResult, Source } from '@cloudbench/core'
import { count } from '../figures.ts'
import { html, type Content } from '../html.ts'
import type { Report } from '../report.ts'
import { badge } from './badge.ts'
import { table, type Column } from './table.ts'

/** Every check and audit of the run. */
export function checksAndAudits({ scenarios, result }: Report): Content {
  const checks = result?.checks ?? scenarios.flatMap((scenario) => scenario.checks)
  const audits = scenarios.flatMap(({ scenario, audits: own }) =>
    own.map((audit) => ({ ...audit, scenario: scenario.id })),
  )
  if (checks.length + audits.length === 0) return undefined
  const isOne = scenarios.length === 1
  const where: readonly Column[] = isOne ? [] : [{ title: 'scenario', isText: true }]
  const of = (scenario: string): readonly Content[] => (isOne ? [] : [scenario])
  return html`<section id="checks" class="card" aria-labelledby="checks-title">
    <h2 id="checks-title">Checks</h2>
    ${
      checks.length > 0 &&
      table(
        'Checks',
        [
          { title: 'check' },
          ...where,
          { title: 'result', isText: true },
          { title: 'measured' },
          { title: 'expected' },
          { title: 'of the limit', isText: true },
          { title: 'from', isText: true },
        ],
        checks.map((check) => [
          check.addedBy === undefined ? check.name : `${check.name} (${check.addedBy.plugin})`,
          ...of(check.scenario),
          badge(check.status),
          check.value === undefined
            ? check.actual
            : html`<data value="${check.value}">${check.actual}</data>`,
          check.expected,
          used(check),
          check.source && placeOf(check.source),
        ]),
      )
    }
    ${
      audits.length > 0 &&
      table(
        'Audits: what was acknowledged, beside what is stored',
        [
          { title: 'audit' },
          ...where,
          { title: 'result', isText: true },
          { title: 'examined' },
          { title: 'wrong' },
          { title: 'what was found', isText: true },
        ],
        audits.map(({ name, scenario, flow, status, examined, violations, message }) => [
          `${flow}: ${name}`,
          ...of(scenario),
          badge(status),
          count(examined),
          count(violations),
          message,
        ]),
      )
    }
  </section>`
}

function placeOf({ file, line }: Source): string {
  return line === undefined ? file : `${file}:${line}`
}

/** How much of the limit was used, drawn; where more is better, nothing. */
function used({ value, limit, expected, status }: CheckResult): Content {
  if (value === undefined || limit === undefined || !(limit > 0) || !expected.startsWith('<'))
    return undefined
  const width = Math.round(Math.min(1, value / limit) * 100)
  const percent = Math.round((value / limit) * 100)
  return html`<svg
    class="bar ${status}"
    width="100"
    height="8"
    role="img"
    aria-label="${percent} % of the limit"
  >
    <rect class="track" width="100" height="8" rx="4" />
    <rect class="fill" width="${Math.max(width, 2)}" height="8" rx="4" />
  </svg>`
}
