import { createStyle, visibleJson } from '@cloudbench/core/text'
import { inColumns } from '../columns.ts'
import type { CommandContext } from '../command-context.ts'
import type { DiscoverArguments, LoadArguments } from '../options.ts'
import { loadSettings } from '../settings.ts'

export interface ConfigCommandArguments extends LoadArguments, DiscoverArguments {
  readonly json?: boolean
}

/** A wider value does not push the origins of all others to the right. */
const widestValue = 72

/** Prints the merged configuration, each value as `--set` takes it. */
export async function config(
  context: CommandContext,
  below: string | undefined,
  { json, ...given }: ConfigCommandArguments,
): Promise<number> {
  const resolved = await loadSettings(context, given)
  const { stdout } = context.terminal
  const entries = resolved
    .entries()
    .filter(
      ({ path }) =>
        below === undefined || path === below || path.startsWith(`${below}.`) || path.startsWith(`${below}[`),
    )
  if (below !== undefined && entries.length === 0) {
    const { CloudbenchError } = await import('@cloudbench/core')
    const { nearest } = await import('@cloudbench/core/program')
    const meant = nearest(below, pathsAbove(resolved.entries().map(({ path }) => path)))
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: `nothing is configured at ${below}`,
      next: meant === undefined ? 'run cloudbench config to see every path' : `did you mean ${meant}?`,
    })
  }
  if (json) {
    context.isRead = true
    const { digest, files, selected, printed } = resolved
    const values = entries.map(({ path, value, origin }) => ({ path, value, origin }))
    stdout.write(`${context.redact(visibleJson({ digest, files, selected, values, config: printed }, 2))}\n`)
    return 0
  }
  const { dim } = createStyle(stdout.color)
  const rows = entries.map(({ path, value, origin }) => [`${path}=${value}`, dim(origin)])
  stdout.write(context.redact(inColumns(rows, 2, widestValue)))
  if (below === undefined) {
    const facts = [
      ['scenarios', resolved.selected.join(', ')],
      ['files', resolved.files.join(', ') || 'none'],
      ['digest', resolved.digest],
    ]
    stdout.write(context.redact(`\n${inColumns(facts.map(([name = '', value = '']) => [dim(name), value]))}`))
  }
  return 0
}

/** The paths and all their prefixes. */
function pathsAbove(paths: readonly string[]): Set<string> {
  return new Set(
    paths.flatMap((path) => path.split('.').map((_, at, parts) => parts.slice(0, at + 1).join('.'))),
  )
}
