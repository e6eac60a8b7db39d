import { resolve, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Json } from '@cloudbench/core'
import { replayResults } from '@cloudbench/core/program'
import type { ResultArguments } from '../options.ts'
import { parseReporters } from '../reporters.ts'
import { loadRegistry } from '../registry/registry.ts'
import { printProblems } from '../reporting.ts'
import type { Session } from '../session.ts'

/** Plays result files to reporters. Ends as the runs did, so that a merged result can be what CI looks at. */
export async function report(
  session: Session,
  files: readonly string[],
  { reporter = ['default'], output = '.cloudbench' }: ResultArguments,
): Promise<number> {
  const { cwd, terminal, bundledFrom } = session
  const reporters = (await parseReporters(reporter, cwd)).map((written) =>
    typeof written === 'string'
      ? { specifier: written, options: {} }
      : { specifier: written[0], options: written[1] as Json },
  )
  const paths = files.map((file) => resolve(cwd, file))
  const result = await replayResults(paths, {
    terminal,
    bundledFrom,
    known: loadRegistry(cwd),
    reporters,
    outputFolder: resolve(cwd, output),
    resolveFrom: pathToFileURL(cwd + sep).href,
  })
  if (!reporters.some(({ specifier }) => specifier === 'default')) printProblems(result, session)
  return result.exitCode
}
