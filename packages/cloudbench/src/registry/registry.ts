import { readFileSync } from 'node:fs'
import { CloudbenchError } from '@cloudbench/core'
import type { DriverManifest, PluginManifest } from '@cloudbench/core/program'
import { installedPlugins } from './community.ts'

/** A plugin package, as its own `package.json` describes it. */
export type RegisteredPlugin = PluginManifest & {
  readonly package: string
  /** Whether it ships with cloudbench. */
  readonly isBundled?: boolean
  /** `file:` URL of its `package.json`; absent for our own plugins. */
  readonly file?: string
}

export type RegisteredDriver = RegisteredPlugin & DriverManifest

/** Every plugin that cloudbench knows: ours, installed or not, and others that the project depends on. */
export type Registry = readonly RegisteredPlugin[]

/** @param folder Of the project. */
export function loadRegistry(folder: string): Registry {
  const registry = [...officialPlugins()]
  const ours = new Set(registry.map((plugin) => plugin.package))
  for (const plugin of installedPlugins(folder, ours)) {
    const other = registry.find(({ kind, name }) => kind === plugin.kind && name === plugin.name)
    if (other !== undefined) throw clash(`${plugin.kind} ${plugin.name}`, other, plugin)
    registry.push(plugin)
  }
  return registry
}

/** As collected from the packages by `scripts/write-registry.ts`. */
export function officialPlugins(): Registry {
  return JSON.parse(readFileSync(new URL('../../registry.json', import.meta.url), 'utf8')) as Registry
}

export function driversOf(registry: Registry): RegisteredDriver[] {
  return registry.filter((plugin) => plugin.kind === 'driver')
}

/** @param specifier As the configuration names it: its short name, or its package. */
export function driverOf(registry: Registry, specifier: string): RegisteredDriver | undefined {
  return driversOf(registry).find((plugin) => plugin.name === specifier || plugin.package === specifier)
}

/** Two packages claim the same name. */
export function clash(what: string, one: RegisteredPlugin, other: RegisteredPlugin): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_PLUGIN_MANIFEST',
    what: `${one.package} and ${other.package} both define ${what}`,
    expected: 'a name that no other package uses',
    next: `npm uninstall ${other.package}, or use it by its path`,
  })
}
