import { fileURLToPath } from 'node:url'
import { relative } from 'node:path'
import type { PluginKind } from '@cloudbench/core'
import type { ResolvedConfig } from '@cloudbench/core/program'
import { builtIn } from './defaults.ts'
import type { Session } from './session.ts'

/** One plugin, and whether it can be used. */
export interface InventoryItem {
  readonly kind: PluginKind
  /** As the configuration, or its short name, says it. */
  readonly specifier: string
  readonly version: string | null
  /** What of the configuration uses it; empty when it only comes along. */
  readonly usedBy: readonly string[]
  /** Where it was found, relative to the current folder where it is inside. */
  readonly file: string | null
  readonly workloads: readonly string[]
  /** Why it cannot be loaded; `null` when it can. */
  readonly problem: string | null
}

/** The plugins that are installed together with cloudbench. */
const bundled: Readonly<Record<PluginKind, readonly string[]>> = {
  driver: ['http', 'redis'],
  environment: ['memory'],
  reporter: ['default', 'json', 'junit'],
}

/** Loads every plugin that comes along or is configured. */
export async function takeInventory(config: ResolvedConfig, session: Session): Promise<InventoryItem[]> {
  const items: Promise<InventoryItem>[] = []
  for (const kind of ['driver', 'environment', 'reporter'] as const) {
    const used = usedIn(config, kind)
    for (const specifier of new Set([...bundled[kind], ...used.keys()]))
      items.push(inspect(kind, specifier, used.get(specifier) ?? [], config, session))
  }
  return await Promise.all(items)
}

async function inspect(
  kind: PluginKind,
  specifier: string,
  usedBy: readonly string[],
  { resolveFrom }: ResolvedConfig,
  { bundledFrom, cwd }: Session,
): Promise<InventoryItem> {
  const { importPlugin, packageOf, resolvePlugin } = await import('@cloudbench/core/program')
  const item = { kind, specifier, usedBy, version: null, file: null, workloads: [] }
  try {
    const url = resolvePlugin(specifier, kind, resolveFrom, bundledFrom)
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
      return { ...found, workloads, problem: null }
    } catch (error) {
      return { ...found, problem: (error as Error).message }
    }
  } catch (error) {
    return { ...item, problem: (error as Error).message }
  }
}

/** Plugins by how the configuration names them, with the places that do. */
function usedIn({ tree, reporters }: ResolvedConfig, kind: PluginKind): Map<string, string[]> {
  const used = new Map<string, string[]>()
  const note = (specifier: string | undefined, place: string): void => {
    if (specifier !== undefined) used.set(specifier, [...(used.get(specifier) ?? []), place])
  }
  if (kind === 'driver') {
    const flowsOf = Object.values(tree.scenarios ?? {}).flatMap(({ flows = {} }) => Object.values(flows))
    const loaded = new Set(flowsOf.map(({ target }) => target))
    for (const [name, { driver }] of Object.entries(tree.targets ?? {}))
      // a built-in target that no scenario loads is there for drivers that somebody may install
      if (loaded.has(name) || !Object.hasOwn(builtIn.targets, name)) note(driver, `targets.${name}`)
    for (const [id, { flows = {} }] of Object.entries(tree.scenarios ?? {}))
      for (const [name, { driver }] of Object.entries(flows)) note(driver, `scenarios.${id}.flows.${name}`)
  } else if (kind === 'environment') {
    for (const ref of tree.environment ?? []) note(typeof ref === 'string' ? ref : ref[0], 'environment')
  } else {
    for (const reporter of reporters) if ('specifier' in reporter) note(reporter.specifier, 'reporters')
  }
  return used
}
