import type { SteadyState, Verdict, VerdictReason } from '@cloudbench/core'
import {
  formatCoverage,
  formatPercentage,
  formatPlacement,
  formatWindow,
  isAtLeast,
  numberSigns,
  signOf,
} from '@cloudbench/core/text'
import { html, type Content } from '../html.ts'
import type { ScenarioReport } from '../report.ts'
import { badge } from './badge.ts'
import { measure } from './marked.ts'
import { details, table } from './table.ts'

/** Whether the numbers of a scenario can be believed, why not, and what was watched to tell. */
export function doubtSection({ verdict, workers }: ScenarioReport, id: string): Content {
  const placement = formatPlacement(workers)
  const placed = placement.length > 0 && html`<p class="hint">Placed: ${placement.join(', ')}.</p>`
  if (verdict === undefined) return placed
  return html`<div class="doubts" id="${id}-verdict">
    <h3>May the numbers be believed?</h3>
    <p class="hint">${sentences(verdict)}</p>
    ${reasonTable(verdict.reasons)} ${legend(verdict)} ${placed}
    ${
      verdict.reasons.some(({ window }) => window !== undefined) &&
      html`<p class="hint">Charts are shaded where it was at its worst.</p>`
    }
    ${
      verdict.signals.length > 0 &&
      details(`${id}-watched`, `What was watched: ${formatCoverage(verdict)}`, signalTable(verdict))
    }
  </div>`
}

function sentences(verdict: Verdict): Content {
  const { validity, limitedBy, isInvalidAllowed, required, steadyStates } = verdict
  const coverage = formatCoverage(verdict)
  return [
    badge(validity),
    coverage !== '' && ` ${coverage}.`,
    limitedBy !== undefined && ` Limited by the ${limitedBy.replace(' or ', ' or the ')}.`,
    required === 'valid' && ' Only valid numbers were to pass.',
    isInvalidAllowed && ' Invalid numbers were allowed.',
    ...steadyStates.map(steadyText),
  ]
}

/** Of flows that behaved the same all the time there is nothing to say. */
function steadyText({ flow, kind, drift }: SteadyState): Content {
  if (kind === 'flat' || kind === 'unknown') return undefined
  const by = drift === undefined ? '' : `, by ${formatPercentage(Math.abs(drift), 2)}`
  return ` ${flow}: ${kind}${by}.`
}

function reasonTable(reasons: readonly VerdictReason[]): Content {
  if (reasons.length === 0) return undefined
  return table(
    'Reasons',
    [
      { title: 'reason' },
      { title: 'worth', isText: true },
      { title: 'what was seen', isText: true },
      { title: 'value' },
      { title: 'threshold' },
      { title: 'when', isText: true },
      { title: 'what to do', isText: true },
    ],
    reasons.map((reason) => {
      const { code, validity, text, advice, observed, threshold, unit = 'count' } = reason
      const when = formatWindow(reason)
      return [
        html`<span class="whole">${code}</span>`,
        badge(validity),
        html`<span class="prose">${text}</span>`,
        measure(observed, unit),
        measure(threshold, unit),
        when === '' ? undefined : when,
        html`<span class="prose">${advice}</span>`,
      ]
    }),
  )
}

function signalTable({ signals }: Verdict): Content {
  return table(
    'Signals and their thresholds',
    [
      { title: 'signal' },
      { title: 'worth', isText: true },
      { title: 'worst' },
      { title: 'suspect above' },
      { title: 'invalid above' },
      { title: 'why it is unknown', isText: true },
    ],
    signals.map(({ name, validity, observed, suspectAbove, invalidAbove, unit, missing }) => [
      name,
      badge(validity),
      measure(observed, unit),
      measure(suspectAbove, unit),
      measure(invalidAbove, unit),
      missing,
    ]),
  )
}

/** What the signs before numbers mean, where there are any. */
function legend({ numbers }: Verdict): Content {
  const used = new Set<string>(numbers.flatMap((number) => [signOf(number), isAtLeast(number) ? '≥' : '']))
  const shown = Object.entries(numberSigns).filter(([sign]) => used.has(sign))
  if (shown.length === 0) return undefined
  return html`<p class="hint">
    ${shown.map(([sign, meaning], at) => `${at === 0 ? '' : ', '}${sign} ${meaning}`)}
  </p>`
}
