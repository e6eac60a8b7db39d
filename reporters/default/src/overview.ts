import type { ScenarioResult } from '@cloudbench/core'
import { visible, type Style } from '@cloudbench/core/text'
import { ending } from './ending.ts'

/** Of several scenarios, those that did not pass, and why: what they printed has long scrolled away. */
export function overview(results: readonly ScenarioResult[], style: Style): string[] {
  const others = results.filter(({ reason }) => reason !== 'passed')
  if (results.length < 2 || others.length === 0) return []
  return [
    style.bold(`${others.length} of ${results.length} scenarios did not pass`),
    ...others.map((result) => {
      const why = reasonsOf(result).join('; ')
      return `  ${ending(result.reason, style)}  ${visible(`${result.scenario.id}${why === '' ? '' : `: ${why}`}`)}`
    }),
  ]
}

function reasonsOf({ audits, checks, errors }: ScenarioResult): string[] {
  return [
    ...errors.map(({ during, message }) => `${during}: ${message.split('\n')[0]}`),
    ...checks
      .filter(({ status }) => status === 'failed')
      .map(({ name, expected, actual }) => `${name} ${expected}: ${actual}`),
    ...audits.filter(({ status }) => status === 'failed').map(({ name }) => name),
  ]
}
