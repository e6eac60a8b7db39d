import type { HookName } from '../hooks/lifecycle.ts'
import type { CheckResult } from '../plugin/model.ts'

/**
 * Around every hook call of a run. A hook that evaluates may add checks, which then name the hook; it cannot remove or
 * replace one: a plugin must not be able to make a failed check disappear.
 */
export async function appendOnly(
  plugin: string,
  hook: HookName,
  args: readonly unknown[],
  call: () => Promise<unknown>,
): Promise<unknown> {
  if (hook !== 'scenario:evaluate' && hook !== 'run:evaluate') return call()
  const checks = args[1] as CheckResult[]
  // frozen: a changed check would be as good as a replaced one
  const before = checks.map((check) => Object.freeze(check))
  try {
    return await call()
  } finally {
    const added = checks.filter((check) => !before.includes(check))
    checks.splice(
      0,
      checks.length,
      ...before,
      ...added.map((check) => ({ ...check, addedBy: { plugin, hook } })),
    )
  }
}
