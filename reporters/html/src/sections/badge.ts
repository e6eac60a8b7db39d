import type { CheckResult, Validity } from '@cloudbench/core'
import { html, type Markup } from '../html.ts'
import type { State } from '../report.ts'

const looks: Readonly<
  Record<State | Validity | CheckResult['status'], readonly [sign: string, tone: string]>
> = {
  passed: ['✓', 'good'],
  failed: ['✗', 'bad'],
  invalid: ['?', 'bad'],
  valid: ['✓', 'good'],
  suspect: ['~', 'doubtful'],
  unknown: ['–', 'quiet'],
  errored: ['!', 'bad'],
  interrupted: ['■', 'doubtful'],
  skipped: ['–', 'quiet'],
  waiting: ['…', 'quiet'],
  running: ['●', 'live'],
}

/** How something ended, or what it is worth, as a word, a sign and a colour. */
export function badge(state: State | Validity | CheckResult['status'], of = ''): Markup {
  const [sign, tone] = looks[state]
  return html`<span class="badge ${tone}"
    ><span aria-hidden="true">${sign}</span> ${of === '' ? state : `${of} ${state}`}</span
  >`
}
