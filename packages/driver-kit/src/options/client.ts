import type { Client } from '@cloudbench/core'
import { z } from '@cloudbench/schema'

/** The option `client`: which of a driver's clients speaks to the target. The first one is the default. */
export function clientOption<Name extends string>(clients: Readonly<Record<Name, Client>>) {
  const names = Object.keys(clients) as [Name, ...Name[]]
  return z
    .enum(names)
    .default(names[0] as never)
    .describe(
      'What speaks to the target: `wire`, frames that cost the generator least, or a client library as applications use it',
    )
}
