import { definitionOf } from '../table.ts'
import { isRunning } from '../machine/process.ts'
import { readRecords, writeRecord, type ServiceRecord } from './state.ts'
import { teardown } from '../stop/teardown.ts'

/** The record of a service that still runs. One whose process is gone is forgotten, and its folder removed. */
export async function runningRecord(stateDir: string, name: string): Promise<ServiceRecord | undefined> {
  const record = (await readRecords(stateDir)).find((other) => other.name === name)
  if (record === undefined || (await isAlive(record))) return record
  await teardown(record, undefined, process.env)
  await writeRecord(stateDir, name, undefined)
  return undefined
}

/** A container is Docker's to know; what can be seen from here is whether it answers. Its project is kept until `down`. */
export async function isAlive(record: ServiceRecord): Promise<boolean> {
  if (record.how === 'compose') return true
  const { pid, startTime } = record
  return pid !== undefined && startTime !== undefined && (await isRunning({ pid, startTime }))
}

/** Whether it can be used now. */
export async function answers({ name, port }: ServiceRecord, timeoutMs: number): Promise<boolean> {
  return (await definitionOf(name).probe(port, timeoutMs)).usable
}
