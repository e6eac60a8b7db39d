import { globSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** What of the `package.json` of a plugin matters to scripts. */
export interface PluginPackage {
  /** Of the repository, such as `plugins/driver-redis`. */
  readonly folder: string
  readonly name: string
  readonly description: string
  readonly cloudbench: {
    readonly kind: 'driver' | 'environment' | 'reporter'
    readonly name: string
    readonly target?: { readonly name?: string; readonly url?: string }
    readonly scenarios?: Readonly<Record<string, unknown>>
  }
  /** It is installed together with `cloudbench`. */
  readonly isBundled: boolean
}

/** Every plugin of this repository: drivers, environments, reporters, each kind with those first that are bundled. */
export function pluginPackages(): PluginPackage[] {
  const { dependencies } = read('packages/cloudbench/package.json') as {
    dependencies: Record<string, string>
  }
  return globSync('{plugins,reporters}/*/package.json')
    .map((file) => {
      const manifest = read(file) as Omit<PluginPackage, 'folder' | 'isBundled'>
      return { ...manifest, folder: dirname(file), isBundled: manifest.name in dependencies }
    })
    .toSorted(
      (a, b) =>
        a.cloudbench.kind.localeCompare(b.cloudbench.kind) ||
        Number(b.isBundled) - Number(a.isBundled) ||
        a.name.localeCompare(b.name),
    )
}

function read(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'))
}
