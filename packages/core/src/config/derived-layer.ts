import { CloudbenchError } from '../errors.ts'
import type { DerivedSetting } from '../plugin/environment.ts'
import { assignAll } from './assign.ts'
import { resolvePath } from './keys.ts'
import { formatPath, parsePath, type Path } from './path.ts'
import { expand } from './shorthand.ts'
import {
  asBranch,
  fromValue,
  isPlainObject,
  merge,
  nearestAt,
  treeAt,
  treeOf,
  type Branch,
  type Origin,
} from './tree.ts'

/** What each environment derived from the machine, by its name. As returned: not checked. */
export type Derived = ReadonlyMap<string, readonly DerivedSetting[]>

/**
 * The sections that a machine may set. A scenario's own settings win over all `defaults`, so a machine that set one of
 * those would override the user.
 */
const sections: ReadonlySet<string> = new Set(['defaults', 'targets'])

/** Merges derived settings over the built-in layer; `whole` is the configuration without them. The last of several wins. */
export function withDerived(derived: Derived, builtIn: Branch, whole: Branch): Branch {
  let tree = builtIn
  const winners = new Map<string, { readonly environment: string; readonly setting: DerivedSetting }>()
  for (const [environment, settings] of derived)
    for (const setting of checkedSettings(environment, settings)) {
      const source = `derived by ${environment}`
      const path = pathOf(setting, whole, source)
      const key = formatPath(path)
      const other = winners.get(key)
      const differs = other && JSON.stringify(other.setting.value) !== JSON.stringify(setting.value)
      const instead = differs
        ? ` (instead of ${JSON.stringify(other.setting.value)} by ${other.environment}: ${other.setting.reason})`
        : ''
      winners.set(key, { environment, setting })
      const origin: Origin = { text: `${source}: ${setting.reason}${instead}`, layer: 'derived' }
      const layer = treeOf(
        path,
        fromValue(setting.value, () => origin, undefined, path),
      )
      tree = asBranch(merge(tree, expand(asBranch(layer), whole)))
    }
  return tree
}

/** Environments may be code that no compiler has checked. */
function checkedSettings(environment: string, settings: unknown): readonly DerivedSetting[] {
  const isSetting = (setting: unknown): setting is DerivedSetting =>
    isPlainObject(setting) &&
    typeof setting['path'] === 'string' &&
    setting['value'] !== undefined &&
    typeof setting['reason'] === 'string' &&
    setting['reason'].trim() !== ''
  if (Array.isArray(settings) && settings.every(isSetting)) return settings
  throw new CloudbenchError({
    code: 'CB_HOOK',
    what: `[${environment}] machine:derive did not return a list of settings`,
    expected: "[{ path: 'defaults.workers', value: 2, reason: 'NUMA node 0 has 2 CPUs' }]",
    next: `fix the environment ${environment}, or remove it`,
  })
}

function pathOf({ path: written, value }: DerivedSetting, whole: Branch, origin: string): Path {
  const path = resolvePath(readPath(written, origin), whole, { origin, loose: false })
  const isNew = path[0] === 'targets' && treeAt(whole, path.slice(0, 2)) === undefined
  if (!sections.has(path[0]!) || path.length < 2 || isNew)
    throw refused(
      isNew
        ? `${formatPath(path)} belongs to a target that does not exist (${origin})`
        : `${formatPath(path)} cannot be derived from a machine (${origin})`,
      isNew ? 'a target in the configuration' : 'a setting below defaults or targets',
    )
  // rejects a path that leads beyond a value
  assignAll([{ origin, layer: 'derived', value: () => value, path: () => path }], whole)
  const { tree, rest } = nearestAt(whole, path)
  if (tree.kind === 'leaf' && rest.length > 0)
    throw refused(`${formatPath(path)} is inside a list (${origin})`, 'the list as a whole')
  return path
}

function readPath(written: string, origin: string): Path {
  try {
    return parsePath(written)
  } catch {
    throw refused(
      `${JSON.stringify(written)} is not a path to a setting (${origin})`,
      'such as defaults.workers',
    )
  }
}

function refused(what: string, expected: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_CONFIG',
    what,
    expected,
    next: 'fix the environment, or remove it',
  })
}
