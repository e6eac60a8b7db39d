import { resolve } from 'node:path'
import { answers, isAlive } from '../state/running.ts'
import { defaultStateDir, readRecords, type ServiceRecord } from '../state/state.ts'
import { definitionOf, serviceNames, type ServiceName } from '../table.ts'

/** Nobody should wait for a service that is not there. */
const probeLimitMs = 300

export interface FindOptions {
  /** @default the service's usual port */
  readonly port?: number
  readonly stateDir?: string
}

/**
 * The address of a service that runs on 127.0.0.1 and answers in its own protocol within 300 ms: one that was left
 * running by `startService`, else whatever is on the usual port. One that wants a password does not count.
 */
export async function findService(
  name: ServiceName | (string & {}),
  options: FindOptions = {},
): Promise<string | undefined> {
  const definition = definitionOf(name)
  const port = options.port ?? definition.defaultPort
  // A damaged state file is reported by `up` and `down`; it is no reason not to look.
  const records = await readRecords(resolve(options.stateDir ?? defaultStateDir())).catch(() => [])
  const record = records.find((other) => other.name === name)
  const [ours, usual] = await Promise.all([
    record && options.port === undefined && isUsable(record),
    definition.probe(port, probeLimitMs),
  ])
  if (record && ours) return record.url
  return usual.usable ? definition.url(port) : undefined
}

/** What was left running and still is. `usable`: it answers now. */
export type ListedService = Pick<ServiceRecord, 'name' | 'how' | 'url' | 'startedAt'> & {
  readonly pid?: number
  readonly usable: boolean
}

/** Every service that was left running by `startService` and still runs. Changes nothing. */
export async function listServices(
  options: { readonly stateDir?: string } = {},
): Promise<readonly ListedService[]> {
  const records = await readRecords(resolve(options.stateDir ?? defaultStateDir()))
  const known = records.filter((record) => serviceNames.some((name) => name === record.name))
  const listed = await Promise.all(
    known.map(async (record) => {
      if (!(await isAlive(record))) return []
      const { name, how, url, startedAt, pid } = record
      const usable = await answers(record, probeLimitMs)
      return [{ name, how, url, startedAt, ...(pid !== undefined && { pid }), usable }]
    }),
  )
  return listed.flat()
}

async function isUsable(record: ServiceRecord): Promise<boolean> {
  return (await isAlive(record)) && (await answers(record, probeLimitMs))
}
