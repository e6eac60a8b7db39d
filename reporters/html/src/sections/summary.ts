import { formatDuration } from '@cloudbench/core/text'
import { html, type Content, type Markup } from '../html.ts'
import type { Report, State } from '../report.ts'
import { badge } from './badge.ts'
import { errorList } from './errors.ts'
import { factList } from './fact-list.ts'

const longestReasons = 6

/** How the run ended and why: what everyone wants to know first. */
export function summary(report: Report): Markup {
  const { run, result, progress } = report
  const state: State = result?.reason ?? 'running'
  const tookMs = result && result.endedAt.getTime() - run.startedAt.getTime()
  const facts: readonly (readonly [string, Content])[] = [
    ['Run', run.id],
    ['Began', html`<time datetime="${run.startedAt.toISOString()}">${moment(run.startedAt)}</time>`],
    ...(tookMs === undefined ? [] : [['Took', formatDuration(tookMs)] as const]),
    ...(result === undefined ? [] : [['Exit code', result.exitCode] as const]),
    ...(run.merged === undefined ? [] : [['Made of', `${run.merged.length} runs`] as const]),
    ['cloudbench', run.version],
  ]
  return html`<section id="summary" class="card ${state}" aria-labelledby="summary-title">
    <div class="verdict">
      <h1 id="summary-title">${run.name}</h1>
      ${badge(state)}
    </div>
    ${reasons(report)} ${progress && progressBar(progress)} ${factList(facts)}
    ${errorList(result?.errors ?? [])}
  </section>`
}

function progressBar({ text, share }: NonNullable<Report['progress']>): Markup {
  const bar = html`<progress
    max="1"
    value="${share?.toFixed(3)}"
    aria-label="Progress of the phase"
  ></progress>`
  return html`<div class="progress">${share !== undefined && bar}<span>${text}</span></div>`
}

function moment(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Why it ended so, in sentences. */
function reasons({ scenarios, result }: Report): Content {
  if (result === undefined) return html`<p class="lead" id="lead">The run has not ended yet.</p>`
  const checks = result.checks
  const failed = checks.filter(({ status }) => status === 'failed')
  const audits = scenarios.flatMap(({ scenario, audits: own }) =>
    own.filter(({ status }) => status === 'failed').map((audit) => ({ ...audit, scenario: scenario.id })),
  )
  const errors = [...scenarios.flatMap((scenario) => scenario.errors), ...result.errors]
  const lines: Content[] = [
    ...scenarios.flatMap(({ scenario, aborted }) =>
      aborted === undefined ? [] : [line(scenario.id, `ended early, ${aborted}`)],
    ),
    ...errors.map(({ source, during, message, scenario }) =>
      line(scenario, `${source}, ${during}: ${message.split('\n', 1)[0]}`),
    ),
    ...failed.map(({ name, scenario, actual, expected }) =>
      line(scenario, html`<strong>${name}</strong> is ${actual}, expected ${expected}`),
    ),
    ...checks
      .filter(({ status }) => status === 'invalid')
      .map(({ name, scenario, actual }) =>
        line(scenario, html`<strong>${name}</strong> cannot be judged: it is ${actual}`),
      ),
    ...scenarios.flatMap(({ scenario, state, verdict }) =>
      state === 'invalid' && verdict?.validity === 'invalid'
        ? verdict.reasons.slice(0, 1).map(({ text }) => line(scenario.id, text))
        : [],
    ),
    ...audits.map(({ name, scenario, violations, examined }) =>
      line(scenario, `${name}: ${violations} wrong of ${examined}`),
    ),
  ]
  if (lines.length === 0) return html`<p class="lead" id="lead">${quiet(result.reason, checks.length)}</p>`
  const more = lines.length - longestReasons
  return html`<ul class="reasons">
    ${lines.slice(0, longestReasons).map((text) => html`<li>${text}</li>`)}${more > 0 && html`<li>and ${more} more, below</li>`}
  </ul>`
}

function line(scenario: string | undefined, text: Content): Content {
  return scenario === undefined || scenario === ''
    ? text
    : html`<span class="where">${scenario}</span> ${text}`
}

function quiet(reason: State, checks: number): string {
  if (reason === 'interrupted') return 'The run was interrupted: what was measured until then is below.'
  if (checks === 0) return 'The run completed. It had no checks.'
  return checks === 1 ? 'The check passed.' : `All ${checks} checks passed.`
}
