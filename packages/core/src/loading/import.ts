import { CloudbenchError, messageOf } from '../errors.ts'
import { brandOf, pluginApi, type PluginKind } from '../plugin/define.ts'
import type { Driver } from '../plugin/driver.ts'
import type { Environment } from '../plugin/environment.ts'
import type { ReporterPlugin } from '../plugin/reporter.ts'
import { provideFor, providePackage } from './provide.ts'

export interface PluginTypes {
  driver: Driver
  environment: Environment
  reporter: ReporterPlugin
}

/** Imports a plugin and checks that it is of the expected kind. */
export async function importPlugin<Kind extends PluginKind>(
  url: string,
  kind: Kind,
): Promise<PluginTypes[Kind]> {
  providePackage('@cloudbench/core', import.meta.url)
  provideFor(url, ['@cloudbench/core'])
  let module: { readonly default?: unknown }
  try {
    module = (await import(url)) as typeof module
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_PLUGIN_IMPORT',
      what: `${url} failed to import: ${messageOf(cause)}`,
      expected: `a module with a ${kind} as its default export`,
      next: 'run `node --input-type=module -e "import(process.argv[1])"` with its path to see the whole error',
      cause,
    })
  }
  const plugin = module.default
  const brand = brandOf(plugin)
  if (brand?.kind !== kind)
    throw new CloudbenchError({
      code: 'CB_PLUGIN_KIND',
      what: `${url} exports ${brand ? `a ${brand.kind}` : 'no cloudbench plugin'}, but is used as a ${kind}`,
      expected: `\`export default define${kind[0]!.toUpperCase()}${kind.slice(1)}({ … })\``,
      next: brand
        ? `list it under ${listedUnder[brand.kind]}`
        : 'import the define function from @cloudbench/core',
    })
  if (brand.api !== pluginApi)
    throw new CloudbenchError({
      code: 'CB_PLUGIN_API',
      what: `${(plugin as { name?: string }).name ?? url} was built for plugin API ${brand.api}, but this cloudbench has ${pluginApi}`,
      expected: `plugin API ${pluginApi}`,
      next: brand.api < pluginApi ? 'update the plugin' : 'update cloudbench',
    })
  return plugin as PluginTypes[Kind]
}

/** Imports a driver before it is needed. What is wrong with it is told when it is used. */
export function preloadDriver(url: string): void {
  importPlugin(url, 'driver').catch(() => {})
}

const listedUnder: Readonly<Record<PluginKind, string>> = {
  driver: '`driver` of a target or a flow',
  environment: '`environment`',
  reporter: '`reporters`',
}
