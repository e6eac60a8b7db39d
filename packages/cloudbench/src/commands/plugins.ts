import { createStyle, visibleJson } from '@cloudbench/core/text'
import { inColumns } from '../columns.ts'
import type { CommandContext } from '../command-context.ts'
import { takeInventory, type InventoryItem } from '../inventory.ts'
import type { ConfigArguments } from '../options.ts'
import { loadSettings } from '../settings.ts'

export interface PluginsArguments extends ConfigArguments {
  readonly json?: boolean
}

/** Prints the plugins. Returns 2 when a configured one cannot be loaded. */
export async function plugins(
  context: CommandContext,
  { json, ...given }: PluginsArguments,
): Promise<number> {
  const config = await loadSettings(context, { ...given, discover: false })
  const items = await takeInventory(config, context)
  const { stdout } = context.terminal
  const exitCode = items.some(({ problem }) => problem !== null) ? 2 : 0
  if (json) {
    context.isRead = true
    stdout.write(`${context.redact(visibleJson(items, 2))}\n`)
    return exitCode
  }
  const { bad, bold, dim, good } = createStyle(stdout.color)
  const rows = items.map((item) => [
    item.problem === null ? good('✓') : bad('✗'),
    item.kind,
    bold(item.specifier),
    item.version ?? '',
    detail(item, dim),
  ])
  stdout.write(context.redact(inColumns(rows)))
  return exitCode
}

function detail(
  { problem, usedBy, workloads, clients, file }: InventoryItem,
  dim: (text: string) => string,
): string {
  if (problem !== null) return problem
  const facts = [
    ...(workloads.length > 0 ? [`workloads: ${workloads.join(', ')}`] : []),
    ...(clients.length > 0 ? [`clients: ${clients.join(', ')}`] : []),
    ...(usedBy.length > 0 ? [`used by ${usedBy.join(', ')}`] : []),
  ]
  return `${facts.join('; ')}${facts.length > 0 ? '  ' : ''}${dim(file ?? '')}`
}
