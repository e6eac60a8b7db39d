import { CloudbenchError } from '@cloudbench/core'
import { didYouMean } from '@cloudbench/core/text'
import type { CommandContext } from './command-context.ts'
import { serviceOf } from './provision.ts'
import { driversOf, type Registry } from './registry/registry.ts'

const variable = 'CLOUDBENCH_REQUIRE_SERVICES'

/** The services that must be there, instead of a loopback. Throws for one that does not exist. */
export async function requiredServices(
  { env }: Pick<CommandContext, 'env'>,
  registry: Registry,
): Promise<readonly string[]> {
  const written = env[variable]
  if (written === undefined) return []
  if (written.trim() === '') throw refusal('is empty', 'unset it to require none')
  const names = written.split(',').flatMap((entry) => entry.trim().split(/\s+/))
  if (names.includes('')) throw refusal('has an empty entry', 'is a variable of the shell unset?')
  const { serviceNames } = await import('@cloudbench/services')
  const known = new Set<string>([
    ...serviceNames,
    ...driversOf(registry).flatMap(({ name }) => serviceOf(name, registry)?.name ?? []),
  ])
  for (const name of names)
    if (!known.has(name)) throw refusal(`requires ${name}, which is no service`, didYouMean(name, known))
  return names
}

function refusal(problem: string, next: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_USAGE',
    what: `${variable} ${problem}`,
    expected: 'names of services, separated by commas',
    next,
  })
}
