import type { NumberVerdict, Validity, Verdict } from '@cloudbench/core'
import {
  formatCoverage,
  formatNumber,
  formatThreshold,
  formatWindow,
  isAtLeast,
  isSaturated,
  lookOf,
  markedNumber,
  numberOf,
  numberSigns,
  signOf,
  visible,
  type Style,
} from '@cloudbench/core/text'
import { basisOf } from './columns.ts'
import { fold, wrap } from './lines.ts'
import type { Room } from './room.ts'

/** More are counted, so that what was measured stays in sight. */
const mostReasons = 8

/** Whether what was measured can be believed, as a word. */
export function badge({ validity }: Verdict, style: Style): string {
  return `verdict ${style.bold(paintOf(validity, style)(validity.toUpperCase()))}`
}

/** A number in a table: marked, and coloured, as far as it is not to be taken as it is. */
export function marked(text: string, number: NumberVerdict | undefined, style: Style): string {
  return paintNumber(number, style)(markedNumber(text, number))
}

/** The 95 % intervals of a flow, as lines. `isOpen`: of response times. */
export function intervals(
  verdict: Verdict,
  flow: string,
  isOpen: boolean,
  style: Style,
  columns: number,
): string[] {
  const basis = basisOf(isOpen)
  const parts = [
    ['rate', 'rate'] as const,
    ...['p50', 'p90', 'p99', 'p99.9'].map((name) => [name, `${basis}.${name}`] as const),
  ].flatMap(([name, metric]) => {
    const number = numberOf(verdict, metric, flow)
    // what grew for as long as the load went on has no value to be near to
    if (number?.interval === undefined || isSaturated(number)) return []
    return [paintNumber(number, style)(`${name} ${signOf(number)}${formatNumber(number)}`)]
  })
  return wrap(
    parts.map((part, at) => (at === 0 ? `95 %: ${part}` : part)),
    columns,
  )
}

/** Why the numbers are not simply valid, what limited them, and how much was watched, as lines. */
export function doubts(verdict: Verdict, style: Style, room: Room): string[] {
  const { validity, reasons, limitedBy, isInvalidAllowed, required } = verdict
  const facts = [
    ...(limitedBy === undefined ? [] : [`limited by the ${limitedBy.replace(' or ', ' or the ')}`]),
    formatCoverage(verdict),
    ...(required === 'valid' ? ['only valid numbers count (--require valid)'] : []),
    ...(isInvalidAllowed ? ['invalid numbers were allowed (--allow-invalid)'] : []),
  ].filter((fact) => fact !== '')
  const shown = reasons.slice(0, mostReasons)
  const more = [...new Set(reasons.slice(shown.length).map(({ code }) => code))]
  const signs = { invalid: '?', suspect: '~', unknown: '–' } as const
  return [
    ...wrap(
      facts.map((fact, at) => (at === 0 ? `verdict ${validity}: ${fact}` : fact)),
      room.columns,
    ).map((line) => style.dim(line)),
    ...shown.flatMap((reason) => {
      const where = [formatThreshold(reason), formatWindow(reason)].filter((text) => text !== '').join(', ')
      const said = `${reason.text}${where === '' ? '' : ` (${where})`}. ${sentence(reason.advice)}`
      const sign = paintOf(reason.validity, style)(signs[reason.validity])
      return fold(`  ${sign} ${visible(said.replaceAll(/\s+/g, ' '))}`, room)
    }),
    ...(more.length > 0 ? fold(`  ${style.dim('…')} and ${more.join(', ')}`, room) : []),
  ]
}

/** What the signs of these numbers mean, as lines; none where all can be taken as they are. */
export function legend(numbers: readonly NumberVerdict[], columns: number): string[] {
  const used = new Set<string>(numbers.flatMap((number) => [signOf(number), isAtLeast(number) ? '≥' : '']))
  return wrap(
    Object.entries(numberSigns).flatMap(([sign, meaning]) => (used.has(sign) ? [`${sign} ${meaning}`] : [])),
    columns,
  )
}

function sentence(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function paintOf(validity: Validity, { bad, doubtful, good, dim }: Style): (text: string) => string {
  return { valid: good, suspect: doubtful, invalid: bad, unknown: dim }[validity]
}

function paintNumber(number: NumberVerdict | undefined, style: Style): (text: string) => string {
  const { bad, dim, doubtful } = style
  return { plain: (text: string) => text, weak: dim, suspect: doubtful, invalid: bad }[lookOf(number)]
}
