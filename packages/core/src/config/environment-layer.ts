import { CloudbenchError } from '../errors.ts'
import { assignAll, type Assignment } from './assign.ts'
import { resolvePath } from './keys.ts'
import { parseScalar } from './scalar.ts'
import type { Branch } from './tree.ts'

const prefix = 'CLOUDBENCH_'

/** Variables that control the tool and its tests. They are not settings. */
const controlVariables: ReadonlySet<string> = new Set(['CLOUDBENCH_DEBUG', 'CLOUDBENCH_REQUIRE_SERVICES'])

/** `CLOUDBENCH_TARGETS__REDIS__URL=…` sets `targets.redis.url`. An empty variable is refused: it would set nothing in silence. */
export function withEnvironment(env: Readonly<Record<string, string | undefined>>, below: Branch): Branch {
  const assignments: Assignment[] = []
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
    assignments.push({
      origin: name,
      layer: 'variable',
      value: () => parseScalar(text, name),
      path: (existing) => resolvePath(typed, existing, { origin: name, loose: true }),
    })
  }
  return assignAll(assignments, below)
}
