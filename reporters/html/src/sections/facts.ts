import type { Facts, Json } from '@cloudbench/core'
import { html, type Content } from '../html.ts'
import { table } from './table.ts'

interface Subject {
  readonly title: string
  /** By the plugin that found out. */
  readonly facts: Readonly<Record<string, Facts>>
}

/** What machines, workers and targets said of themselves. */
export function facts(subjects: readonly Subject[]): Content {
  return subjects
    .filter((subject) => Object.keys(subject.facts).length > 0)
    .map((subject) =>
      table(
        subject.title,
        [{ title: 'fact' }, { title: 'value', isText: true }, { title: 'from', isText: true }],
        Object.entries(subject.facts).flatMap(([from, own]) =>
          Object.entries(own).map(([name, value]) => [name, valueText(value), from]),
        ),
      ),
    )
}

/** A value as people write it: texts as they are, all else as JSON. */
export function valueText(value: Json): Content {
  return typeof value === 'string' ? value : html`<code>${JSON.stringify(value)}</code>`
}
