import type { NumberVerdict, ScenarioResult } from '@cloudbench/core'
import {
  formatCoverage,
  formatPlacement,
  formatThreshold,
  formatWindow,
  isAtLeast,
  markedNumber,
  numberSigns,
  signOf,
} from '@cloudbench/core/text'
import type { Escape } from './escape.ts'

/** The text of a number, with signs before it where it is not to be taken as it is. Two tildes would strike out what is between them. */
export function marked(text: string, number: NumberVerdict | undefined): string {
  return markedNumber(text, number).replaceAll('~', '&#126;')
}

/** Whether the numbers can be believed, and why not. */
export function verdictOf({ verdict, workers }: ScenarioResult, { inert }: Escape): string[] {
  const placement = formatPlacement(workers).map((text) => `- ${inert(text)}`)
  if (verdict === undefined) return placement
  const { validity, reasons, limitedBy, numbers } = verdict
  const used = new Set<string>(numbers.flatMap((number) => [signOf(number), isAtLeast(number) ? '≥' : '']))
  const legend = Object.entries(numberSigns)
    .filter(([sign]) => used.has(sign))
    .map(([sign, meaning]) => `${inert(sign)} ${meaning}`)
  const facts = [
    validity,
    ...(limitedBy === undefined ? [] : [`limited by the ${limitedBy.replace(' or ', ' or the ')}`]),
    formatCoverage(verdict),
  ].filter((fact) => fact !== '')
  return [
    ...(legend.length > 0 ? [legend.join(', '), ''] : []),
    `- verdict: ${facts.join(', ')}`,
    ...reasons.map((reason) => {
      const where = [formatThreshold(reason), formatWindow(reason)].filter((text) => text !== '').join(', ')
      const said = `${reason.text}${where === '' ? '' : ` (${where})`}: ${reason.advice}`
      return `  - ${reason.validity} ${reason.code}: ${inert(said)}`
    }),
    ...placement,
  ]
}
