import type { CheckResult } from '@cloudbench/core'
import { html, type Markup } from '../html.ts'
import type { State } from '../report.ts'

const looks: Readonly<Record<State | CheckResult['status'], readonly [sign: string, tone: string]>> = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  invalid: ['?', 'bad'],
  errored: ['!', 'bad'],
  interrupted: ['■', 'doubtful'],
  skipped: ['–', 'quiet'],
  waiting: ['…', 'quiet'],
  running: ['●', 'live'],
}

/** How something ended, as a word, a sign and a colour. */
export function badge(state: State | CheckResult['status']): Markup {
  const [sign, tone] = looks[state]
  return html`<span class="badge ${tone}"><span aria-hidden="true">${sign}</span> ${state}</span>`
}
