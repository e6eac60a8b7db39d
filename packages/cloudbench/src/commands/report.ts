import { resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { refOf, replayResults } from '@cloudbench/core/program'
import type { CommandContext } from '../command-context.ts'
import type { ResultArguments } from '../options.ts'
import { loadRegistry } from '../registry/registry.ts'
import { parseReporters } from '../reporters.ts'
import { printProblems } from '../reporting.ts'

/** Replays result files through reporters. Ends as the runs did, so that CI can rely on a merged result. */
export async function report(
  context: CommandContext,
  files: readonly string[],
  { reporter = ['default'], output = '.cloudbench' }: ResultArguments,
): Promise<number> {
  const { cwd, terminal, bundledFrom } = context
  let hasScreen = false
  const paths = files.map((file) => resolve(cwd, file))
  const result = await replayResults(paths, {
    terminal,
    bundledFrom,
    known: loadRegistry(cwd),
    reporters: parseReporters(reporter, cwd).map(refOf),
    onScreen: (isTaken) => {
      hasScreen = isTaken
    },
    outputFolder: resolve(cwd, output),
    resolveFrom: pathToFileURL(cwd + sep).href,
  })
  if (!hasScreen) printProblems(result, context)
  return result.exitCode
}
