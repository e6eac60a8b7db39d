import type { ResolvedConfig } from '@cloudbench/core/program'
import { createStyle, redactValue, visibleJson } from '@cloudbench/core/text'
import type { CommandContext } from '../command-context.ts'
import type { ConfigArguments, DiscoverArguments, TagArguments } from '../options.ts'
import { loadSettings } from '../settings.ts'

export interface ListArguments extends ConfigArguments, DiscoverArguments, TagArguments {
  readonly json?: boolean
}

/** One scenario as `list` shows it. */
interface Listed {
  readonly id: string
  readonly description: string
  readonly tags: readonly string[]
  /** It runs once for each of these; `null`: once. */
  readonly clients: 'all' | readonly string[] | null
  /** Whether it runs when no scenario is named. */
  readonly selected: boolean
  readonly flows: readonly ListedFlow[]
}

interface ListedFlow {
  readonly name: string
  readonly driver: string
  readonly workload: string | null
  readonly target: string
  readonly load: string
}

/** Prints the scenarios. Does not resolve secrets, so it works where they are missing. */
export async function list(context: CommandContext, { json, ...given }: ListArguments): Promise<number> {
  const config = await loadSettings(context, given)
  const ids = given.tag === undefined ? Object.keys(config.tree.scenarios ?? {}) : config.selected
  const running = new Set(config.selected)
  const listed = ids.map((id) => describe(config, id, running.has(id)))
  const { stdout } = context.terminal
  if (json) {
    context.isRead = true
    stdout.write(`${context.redact(visibleJson(listed, 2))}\n`)
    return 0
  }
  const { bold, dim } = createStyle(stdout.color)
  const lines = listed.flatMap(({ id, description, tags, clients, selected, flows }) => [
    `${bold(id)}${selected ? '' : dim('  (only when named)')}`,
    ...(description === '' ? [] : [`  ${description}`]),
    ...(tags.length === 0 ? [] : [dim(`  tags: ${tags.join(', ')}`)]),
    ...(clients === null
      ? []
      : [dim(`  once for ${clients === 'all' ? 'each client of the driver' : clients.join(', ')}`)]),
    ...flows.map(({ name, driver, workload, target, load }) =>
      dim(
        `  ${flows.length > 1 || name !== 'main' ? `${name}: ` : ''}${driver}${workload ? ` ${workload}` : ''} → ${target}, ${load}`,
      ),
    ),
    '',
  ])
  for (const { scenario, package: name } of given.tag === undefined ? config.leftOut : [])
    lines.push(`${bold(scenario)}${dim(`  (npm install --save-dev ${name})`)}\n`)
  stdout.write(context.redact(lines.join('\n')))
  return 0
}

function describe({ tree }: ResolvedConfig, id: string, selected: boolean): Listed {
  const { description = '', tags = [], clients = null, flows = {} } = tree.scenarios![id]!
  return {
    id,
    description,
    tags,
    clients,
    selected,
    flows: Object.entries(flows).map(([name, flow]) => {
      const target = flow.target === undefined ? undefined : tree.targets?.[flow.target]
      return {
        name,
        driver: flow.driver ?? target?.driver ?? '?',
        workload: flow.workload ?? null,
        target:
          target === undefined
            ? redactValue(flow.target ?? '?')
            : `${flow.target} (${redactValue(target.url ?? 'auto')})`,
        load: loadText(flow, tree.defaults ?? {}),
      }
    }),
  }
}

type Written = string | number | undefined

function loadText(
  flow: {
    readonly rate?: Written
    readonly connections?: Written
    readonly stages?: readonly unknown[] | undefined
  },
  defaults: { readonly rate?: Written; readonly connections?: Written },
): string {
  const connections = flow.connections ?? defaults.connections ?? 10
  const through = `${connections} ${String(connections) === '1' ? 'connection' : 'connections'}`
  if (flow.stages !== undefined) return `${flow.stages.length} stages, ${through}`
  const rate = flow.rate ?? defaults.rate
  if (rate === undefined) return `closed loop, ${through}`
  return `${typeof rate === 'number' ? `${rate}/s` : rate}, ${through}`
}
