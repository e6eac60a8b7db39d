import type { ScenarioResult } from '@cloudbench/core'
import { visible, type Style } from '@cloudbench/core/text'
import { short } from './columns.ts'

/** Checks, audits, and what went wrong outside the target. */
export function findings(
  { audits, checks, errors, scenario }: ScenarioResult,
  { bad, dim, doubtful, good }: Style,
): string[] {
  const signs = { passed: good('✓'), failed: bad('✗'), invalid: doubtful('?'), skipped: dim('–') } as const
  const checked = checks.map(({ name, source, status, expected, actual }) => {
    const place = status === 'failed' && source !== undefined ? `  (${source.file}:${source.line})` : ''
    return `  ${signs[status]} ${visible(`${name} ${expected}: ${actual}`)}${place === '' ? '' : dim(visible(place))}`
  })
  const audited = audits
    .filter(({ examined, message, status }) => status !== 'skipped' || examined > 0 || message !== undefined)
    .map(({ flow, name, status, examined, violations, message }) => {
      const counts =
        status === 'skipped' && examined === 0
          ? 'nothing to examine'
          : `${short(violations)} wrong of ${short(examined)}`
      const whose = scenario.flows.length > 1 ? `${flow}: ` : ''
      const said = message === undefined ? '' : `; ${message}`
      return `  ${signs[status]} ${visible(`${whose}${name}: ${counts}${said}`)}`
    })
  const wrong = errors.flatMap(({ source, during, message }) =>
    visible(`[${source}] ${during}: ${message}`)
      .split('\n')
      .map((line) => bad(`  ${line}`)),
  )
  return [...checked, ...audited, ...wrong]
}
