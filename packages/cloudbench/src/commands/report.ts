import { resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { TerminalStream } from '@cloudbench/core'
import { refOf, replayResults, reportersWith } from '@cloudbench/core/program'
import type { CommandContext } from '../command-context.ts'
import { conclude } from '../conclusion.ts'
import type { ResultArguments } from '../options.ts'
import { loadRegistry } from '../registry/registry.ts'
import { parseReporters } from '../reporters.ts'

export interface ReportArguments extends ResultArguments {
  readonly merge?: boolean
}

/** Replays result files through reporters. Ends as the worst of the runs, so that CI can rely on it. */
export async function report(
  context: CommandContext,
  files: readonly string[],
  { merge = false, output, reporter = ['default'] }: ReportArguments,
): Promise<number> {
  const { cwd, env, terminal, bundledFrom } = context
  let screen: TerminalStream | undefined
  const paths = files.map((file) => resolve(cwd, file))
  const result = await replayResults(paths, {
    terminal,
    bundledFrom,
    known: loadRegistry(cwd),
    reporters: reportersWith(parseReporters(reporter, resolve(cwd, output ?? '')), env).map(refOf),
    merge,
    onScreen: (taken, isRead) => {
      screen = taken
      context.isRead = isRead
    },
    outputFolder: resolve(cwd, output ?? '.cloudbench'),
    resolveFrom: pathToFileURL(cwd + sep).href,
  })
  return await conclude(result, context, screen)
}
