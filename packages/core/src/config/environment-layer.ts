import { CloudbenchError } from '../errors.ts'
import { assignAll, type Assignment } from './assign.ts'
import { resolvePath } from './keys.ts'
import { isMeant, pluginPathOf, type PluginPath } from './plugin-options.ts'
import type { WrittenRef } from './plugin-ref.ts'
import { parseScalar } from './scalar.ts'
import { asBranch, leaf, toValue, treeOf, type Branch } from './tree.ts'

const prefix = 'CLOUDBENCH_'

/** Variables that control the tool and its tests. They are not settings. */
const controlVariables: ReadonlySet<string> = new Set([
  'CLOUDBENCH_DEBUG',
  'CLOUDBENCH_REQUIRE_BROWSER',
  'CLOUDBENCH_REQUIRE_NUMACTL',
  'CLOUDBENCH_REQUIRE_SERVICES',
])

type Variables = Readonly<Record<string, string | undefined>>

/** `CLOUDBENCH_TARGETS__REDIS__URL=…` sets `targets.redis.url`. An empty variable is refused: it would set nothing in silence. */
export function withEnvironment(env: Variables, below: Branch): Branch {
  const others = variablesIn(env).filter(({ plugin }) => plugin === undefined)
  return assignAll(others, below)
}

/** `CLOUDBENCH_REPORTERS__JUNIT__FILE=…` sets an option of a plugin, once it is known which ones are chosen. */
export function withPluginVariables(env: Variables, below: Branch): Branch {
  const ofPlugins = variablesIn(env).filter(({ plugin }) => plugin !== undefined)
  return assignAll(ofPlugins, below)
}

/** The same for reporters that a command line names without a configuration; variables of others are not its concern. */
export function reportersWith(written: readonly WrittenRef[], env: Variables): readonly WrittenRef[] {
  const tree = treeOf(['reporters'], leaf(written, { text: '--reporter', layer: 'flag' }))
  const theirs = variablesIn(env).filter(
    ({ plugin }) => plugin?.list === 'reporters' && written.some((ref) => isMeant(ref, plugin, true)),
  )
  return (toValue(assignAll(theirs, asBranch(tree))) as { reporters: readonly WrittenRef[] }).reporters
}

interface Variable extends Assignment {
  readonly plugin: PluginPath | undefined
}

function variablesIn(env: Variables): Variable[] {
  const variables: Variable[] = []
  for (const name of Object.keys(env).toSorted()) {
    const text = env[name]
    if (!name.startsWith(prefix) || name === prefix || controlVariables.has(name)) continue
    if (text === undefined) continue
    if (text.trim() === '')
      throw new CloudbenchError({
        code: 'CB_USAGE',
        what: `${name} is empty`,
        expected: 'a value; null removes a setting',
        next: `unset ${name}`,
      })
    const typed = name.slice(prefix.length).split('__')
    variables.push({
      plugin: pluginPathOf(typed),
      origin: name,
      layer: 'variable',
      value: () => parseScalar(text, name),
      path: (existing) => resolvePath(typed, existing, { origin: name, loose: true }),
    })
  }
  return variables
}
