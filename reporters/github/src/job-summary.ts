import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CloudbenchError, type ReporterContext, type RunResult } from '@cloudbench/core'
import { leastBytes, summaryOf } from '@cloudbench/reporter-markdown/summary'

/** More, and GitHub shows nothing of the whole step. */
const mostBytes = 1_048_576

/** Adds the report to what the step has collected so far. */
export async function addToSummary(
  file: string,
  result: RunResult,
  { output, redact }: Pick<ReporterContext, 'output' | 'redact'>,
): Promise<void> {
  const path = resolve(output.folder, file)
  const takenBytes = (await stat(path).catch(() => undefined))?.size ?? 0
  // blank lines, so that a table before it ends
  const gap = takenBytes > 0 ? '\n\n' : ''
  const limitBytes = mostBytes - takenBytes - gap.length
  if (limitBytes < leastBytes)
    throw new CloudbenchError({
      code: 'CB_OUTPUT',
      what: `${path} has no room for a summary: it has ${takenBytes} bytes, and GitHub shows at most ${mostBytes}`,
      next: 'run cloudbench in a step of its own',
    })
  await output.append(file, new TextEncoder().encode(gap + summaryOf(result, { limitBytes, redact })))
}
