import { resolve } from 'node:path'
import { definitionFor } from '../outside.ts'
import { defaultStateDir } from '../state/folder.ts'
import { readRecords } from '../state/records.ts'
import { isAlive, isUsable } from '../state/running.ts'
import type { ServiceName } from '../table.ts'

/** Nothing may be there at all; do not wait long for it. */
const probeLimitMs = 300

export interface FindOptions {
  /** @default the service's usual port */
  readonly port?: number
  readonly stateDir?: string
  /** `file:` URL of a module that exports the definition of a service that is not one of ours. */
  readonly module?: string
  /** How long it may take to answer. @default 5000 for one that was left running, 300 for any other */
  readonly timeoutMs?: number
}

/**
 * The address of a service that runs on 127.0.0.1 and answers in its own protocol: one that `startService` left running,
 * else whatever is on the usual port. A service that wants a password that we did not give it does not count.
 * @throws ServiceError when the record of what was left running cannot be trusted.
 */
export async function findService(
  name: ServiceName | (string & {}),
  options: FindOptions = {},
): Promise<string | undefined> {
  const definition = await definitionFor(name, options.module)
  const { port = definition.defaultPort, timeoutMs } = options
  // one of another package is never left running, and only shares the name
  const looksElsewhere = options.port !== undefined || options.module !== undefined
  const stateDir = resolve(options.stateDir ?? defaultStateDir())
  const records = looksElsewhere ? [] : await readRecords(stateDir)
  const record = records.find((other) => other.name === name)
  const [ours, usual] = await Promise.all([
    record && (await isAlive(record)) && isUsable(record, timeoutMs),
    definition.probe(port, timeoutMs ?? probeLimitMs),
  ])
  if (record && ours) return record.url
  return usual.usable ? definition.url(port) : undefined
}
