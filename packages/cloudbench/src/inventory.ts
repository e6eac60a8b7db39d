import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PluginKind } from '@cloudbench/core'
import type { CommandContext } from './command-context.ts'
import { targetOf } from './defaults.ts'
import { driversOf } from './registry/registry.ts'
import type { Settings } from './settings.ts'

/** One plugin, and whether it can be used. */
export interface InventoryItem {
  readonly kind: PluginKind
  /** As the configuration names it, else its short name. */
  readonly specifier: string
  readonly version: string | null
  /** What of the configuration uses it; empty when it is only bundled. */
  readonly usedBy: readonly string[]
  /** Where it was found, relative to the current folder if inside it. */
  readonly file: string | null
  readonly workloads: readonly string[]
  /** The clients of a driver; empty where it leaves no choice. */
  readonly clients: readonly string[]
  /** Why it cannot be loaded; `null` when it can. */
  readonly problem: string | null
}

/** Loads every plugin that ships with cloudbench, that the project depends on, or that is configured. */
export async function takeInventory(config: Settings, context: CommandContext): Promise<InventoryItem[]> {
  const items: Promise<InventoryItem>[] = []
  for (const kind of ['driver', 'environment', 'reporter'] as const) {
    const used = usedIn(config, kind)
    const there = config.registry.filter(
      (plugin) => plugin.kind === kind && (plugin.isBundled || plugin.file),
    )
    for (const specifier of new Set([...there.map(({ name }) => name), ...used.keys()]))
      items.push(inspect(kind, specifier, used.get(specifier) ?? [], config, context))
  }
  return await Promise.all(items)
}

async function inspect(
  kind: PluginKind,
  specifier: string,
  usedBy: readonly string[],
  { resolveFrom, registry }: Settings,
  { bundledFrom, cwd }: CommandContext,
): Promise<InventoryItem> {
  const { importPlugin, packageOf, resolvePlugin } = await import('@cloudbench/core/program')
  const item = { kind, specifier, usedBy, version: null, file: null, workloads: [], clients: [] }
  try {
    const url = resolvePlugin(specifier, kind, { from: resolveFrom, bundledFrom, known: registry })
    const path = fileURLToPath(url)
    const inside = relative(cwd, path)
    const found = {
      ...item,
      version: packageOf(url).version ?? null,
      file: inside.startsWith('..') ? path : inside,
    }
    try {
      const plugin = await importPlugin(url, kind)
      const workloads = 'workloads' in plugin ? Object.keys(plugin.workloads ?? {}) : []
      const clients = 'clients' in plugin ? Object.keys(plugin.clients ?? {}) : []
      return { ...found, workloads, clients, problem: null }
    } catch (error) {
      return { ...found, problem: (error as Error).message }
    }
  } catch (error) {
    return { ...item, problem: (error as Error).message }
  }
}

/** Plugins as the configuration names them, with the places that use them. */
function usedIn({ tree, reporters, registry }: Settings, kind: PluginKind): Map<string, string[]> {
  const used = new Map<string, string[]>()
  const note = (specifier: string | undefined, place: string): void => {
    if (specifier !== undefined) used.set(specifier, [...(used.get(specifier) ?? []), place])
  }
  if (kind === 'driver') {
    const flowsOf = Object.values(tree.scenarios ?? {}).flatMap(({ flows = {} }) => Object.values(flows))
    const loaded = new Set(flowsOf.map(({ target }) => target))
    const builtIn = new Set(driversOf(registry).map(targetOf))
    for (const [name, { driver }] of Object.entries(tree.targets ?? {}))
      // a built-in target that no scenario loads is there for a driver that may be installed later
      if (loaded.has(name) || !builtIn.has(name)) note(driver, `targets.${name}`)
    for (const [id, { flows = {} }] of Object.entries(tree.scenarios ?? {}))
      for (const [name, { driver }] of Object.entries(flows)) note(driver, `scenarios.${id}.flows.${name}`)
  } else if (kind === 'environment')
    for (const ref of tree.environment ?? []) note(typeof ref === 'string' ? ref : ref[0], 'environment')
  else for (const reporter of reporters) if ('specifier' in reporter) note(reporter.specifier, 'reporters')

  return used
}
