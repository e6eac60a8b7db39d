import type { RunResult } from '@cloudbench/core'
import type { Style } from '@cloudbench/core/text'

/** How a run or a scenario ended, as a word. */
export function ending(reason: RunResult['reason'], { bad, bold, doubtful, good }: Style): string {
  const color = reason === 'passed' ? good : reason === 'interrupted' ? doubtful : bad
  return bold(color(reason.toUpperCase()))
}
