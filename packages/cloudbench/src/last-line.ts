import type { RunResult, TerminalStream } from '@cloudbench/core'
import { createStyle } from '@cloudbench/core/text'

/** The last line of a run. */
export function lastLine(reason: RunResult['reason'], text: string, { color }: TerminalStream): string {
  const { bad, bold, doubtful, good } = createStyle(color)
  const style = reason === 'passed' ? good : reason === 'interrupted' ? doubtful : bad
  return `${bold(style(reason.toUpperCase()))}  ${text}\n`
}
