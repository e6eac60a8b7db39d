import type { Step } from '../plugin/model.ts'

/** Between two details: more often than people read, they only fill mailboxes. */
const restMs = 250

/** Tells reporters what a run is busy with while nothing is loaded. */
export interface Steps {
  begin(doing: string, scenario?: string): void
  /** How far it is. */
  detail(text: string): void
}

export function createSteps(tell: (step: Step) => void, redact: (text: string) => string): Steps {
  let current: Step | undefined
  let toldMs = -Infinity
  return {
    begin(doing, scenario) {
      current = { doing: redact(doing), ...(scenario !== undefined && { scenario }) }
      toldMs = -Infinity
      tell(current)
    },
    detail(text) {
      const nowMs = performance.now()
      if (current === undefined || nowMs - toldMs < restMs) return
      toldMs = nowMs
      tell({ ...current, detail: redact(text) })
    },
  }
}
