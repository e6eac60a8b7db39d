import { resolve } from 'node:path'
import { defaultStateDir } from '../state/folder.ts'
import { readRecords, type ServiceRecord } from '../state/records.ts'
import { isAlive, isUsable } from '../state/running.ts'
import { serviceNames } from '../table.ts'

export interface ListOptions {
  readonly stateDir?: string
  /** How long each may take to answer. @default 5000 */
  readonly timeoutMs?: number
}

/** A service that was left running and still runs; its `url` has its password. `usable`: it answers now. */
export type ListedService = Pick<ServiceRecord, 'name' | 'how' | 'url' | 'startedAt'> & {
  readonly pid?: number
  readonly usable: boolean
}

/** Every service that `startService` left running and that still runs. Changes nothing. */
export async function listServices(options: ListOptions = {}): Promise<readonly ListedService[]> {
  const records = await readRecords(resolve(options.stateDir ?? defaultStateDir()))
  const known = records.filter((record) => serviceNames.some((name) => name === record.name))
  const listed = await Promise.all(
    known.map(async (record) => {
      if (!(await isAlive(record))) return []
      const { name, how, url, startedAt, pid } = record
      const usable = await isUsable(record, options.timeoutMs)
      return [{ name, how, url, startedAt, ...(pid !== undefined && { pid }), usable }]
    }),
  )
  return listed.flat()
}
