import type { RunResult } from '@cloudbench/core'
import type { Style } from '@cloudbench/core/text'

export function verdict(reason: RunResult['reason'], { bad, bold, doubtful, good }: Style): string {
  const color = reason === 'passed' ? good : reason === 'interrupted' ? doubtful : bad
  return bold(color(reason.toUpperCase()))
}
