import type { Interval, Phase, Step } from '@cloudbench/core'

/** What shows what a run is busy with, until something that stays is printed. */
export interface Live {
  onStep(step: Step): void
  onPhaseStart(phase: Phase): void
  onInterval(interval: Interval): void
  /** What was shown is over. */
  rest(): void
}

/** Nothing is shown. */
export const silent: Live = { onStep() {}, onPhaseStart() {}, onInterval() {}, rest() {} }

/** A step, how far it is, and how long it has taken: `preparing the target: 120k of 1M keys, 3 s`. */
export function stepText({ doing, detail }: Step, took: string): string {
  return [detail === undefined ? doing : `${doing}: ${detail}`, ...(took === '' ? [] : [took])].join(', ')
}
