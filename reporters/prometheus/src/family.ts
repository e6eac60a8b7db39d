import type { HistogramView } from '@cloudbench/core'
import type { Labels } from './labels.ts'
import type { Progress } from './progress.ts'

/** A metric by its name, in all its series. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  read(progress: Progress): Iterable<Sample>
}

/** One series. Of a histogram it has durations, whatever Prometheus makes of them. */
export type Sample =
  | { readonly labels: Labels; readonly value: number }
  | { readonly labels: Labels; readonly histogram: HistogramView }

type Read = Family['read']

export const counter = (name: string, help: string, read: Read): Family => ({
  name,
  help,
  type: 'counter',
  read,
})
export const gauge = (name: string, help: string, read: Read): Family => ({ name, help, type: 'gauge', read })
export const histogram = (name: string, help: string, read: Read): Family => ({
  name,
  help,
  type: 'histogram',
  read,
})

/** Milliseconds in the unit of Prometheus. */
export function seconds(ms: number): number {
  return ms / 1000
}
