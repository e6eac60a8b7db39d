import type { ServiceDefinition } from './definition.ts'
import { ServiceError } from './errors.ts'
import { definitionOf } from './table.ts'

/** A service of ours by its name, or whatever its name is, what the module at this `file:` URL exports. */
export async function definitionFor(name: string, module: string | undefined): Promise<ServiceDefinition> {
  if (module === undefined) return definitionOf(name)
  let definition: unknown
  try {
    definition = ((await import(module)) as { readonly default?: unknown }).default
  } catch (cause) {
    throw new ServiceError({
      what: `the service ${name} cannot be loaded: ${cause instanceof Error ? cause.message : String(cause)} (${module})`,
      expected: 'a module with a definition of a service as its default export',
      cause,
    })
  }
  const wrong = missingIn(definition)
  if (wrong === undefined) return definition as ServiceDefinition
  throw new ServiceError({
    what: `the service ${name} is not defined by its module: ${wrong} (${module})`,
    expected: '`export default { defaultPort, url, probe, local, compose } satisfies ServiceDefinition`',
  })
}

/** What everything else here relies on. */
const parts = {
  '': { defaultPort: 'number', url: 'function', probe: 'function', local: 'object', compose: 'function' },
  'local.': { binaries: 'object', args: 'function', install: 'string' },
} as const

function missingIn(definition: unknown): string | undefined {
  if (typeof definition !== 'object' || definition === null) return 'it has no default export'
  for (const [path, kinds] of Object.entries(parts)) {
    const part: unknown = path === '' ? definition : (definition as { local: unknown }).local
    for (const [key, kind] of Object.entries(kinds)) {
      const value = (part as Readonly<Record<string, unknown>> | null)?.[key]
      if (typeof value !== kind || value === null) return `${path}${key} is no ${kind}`
    }
  }
  return undefined
}
