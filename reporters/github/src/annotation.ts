import { stripVTControlCharacters } from 'node:util'
import { visible } from '@cloudbench/core/text'
import type { Finding } from '@cloudbench/reporter-markdown/summary'

/** GitHub shows so many of each level in a step, and drops the rest without a word. */
const mostShown = 10

export interface AnnotationOptions {
  /** Where a file is within the repository; itself for one that is not in it. */
  placeOf(file: string): string
  redact(text: string): string
}

/** Workflow commands, a line each: what does not fit is counted in the last one of its level. */
export function annotationsOf(findings: readonly Finding[], options: AnnotationOptions): string[] {
  return (['error', 'warning'] as const).flatMap((level) => {
    const ofLevel = findings.filter((finding) => finding.level === level)
    if (ofLevel.length <= mostShown) return ofLevel.map((finding) => commandOf(finding, options))
    const shown = ofLevel.slice(0, mostShown - 1)
    const rest = ofLevel.slice(shown.length).map(({ scenario, title }) => named(title, scenario))
    const more: Finding = {
      level,
      title: `and ${rest.length} more`,
      text: `${rest.join('\n')}\nThe job summary has all of them.`,
    }
    return [...shown, more].map((finding) => commandOf(finding, options))
  })
}

function commandOf(
  { level, title, text, scenario, source }: Finding,
  { placeOf, redact }: AnnotationOptions,
): string {
  // what a secret is escaped to would not be found any more
  const shown = (foreign: string): string => visible(redact(stripVTControlCharacters(foreign))).toWellFormed()
  const properties = [
    ...(source === undefined ? [] : [['file', shown(placeOf(source.file))]]),
    ...(source?.line === undefined ? [] : [['line', String(source.line)]]),
    ['title', shown(named(title, scenario))],
  ]
  const list = properties.map(([key, value]) => `${key}=${property(value!)}`).join(',')
  return `::${level} ${list}::${data(shown(text))}\n`
}

function named(title: string, scenario: string | undefined): string {
  return scenario === undefined ? title : `${scenario}: ${title}`
}

/** Escapes as the runner reads it: first the sign that escapes. */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
