import type { RunError, RunResult, TerminalStream } from '@cloudbench/core'
import { wasAllowed, withErrors } from '@cloudbench/core/program'
import { createStyle, formatDuration } from '@cloudbench/core/text'
import { lossesOf, type CommandContext } from './command-context.ts'
import { lastLine } from './last-line.ts'
import { printProblems } from './reporting.ts'

/**
 * Says how a run ended, once every reporter has closed and everything is written, and returns the exit code. The last line
 * is what the process ends with; above it is whatever went wrong outside the scenarios, up to the last moment.
 */
export async function conclude(
  result: RunResult,
  context: CommandContext,
  screen: TerminalStream | undefined,
): Promise<number> {
  const { untold, isClosed } = await lossesOf(context)
  const lost = untold.map((message): RunError => ({ source: 'output', during: 'write', message }))
  const final = withErrors(result, lost, context.redact)
  const stream = isClosed || screen === undefined ? context.terminal.stderr : screen
  const { bad } = createStyle(stream.color)
  // a reporter that writes for people has shown the rest
  if (screen === undefined) printProblems(final, context)
  else
    for (const { source, during, message } of final.errors)
      stream.write(context.redact(lines(`[${source}] ${during}: ${message}`, bad)))
  const took = formatDuration(final.endedAt.getTime() - final.run.startedAt.getTime())
  const allowed = final.scenarios.some(wasAllowed) ? ', invalid numbers were allowed' : ''
  stream.write(lastLine(final.reason, `exit code ${final.exitCode}, ${took}${allowed}`, stream))
  return final.exitCode
}

function lines(text: string, style: (line: string) => string): string {
  return text
    .split('\n')
    .map((line) => `${style(line)}\n`)
    .join('')
}
