import { isRunning, worksIn, type ProcessIdentity } from '../machine/process.ts'
import { teardown } from '../stop/teardown.ts'
import { definitionOf } from '../table.ts'
import { readRecords, writeRecord, type ServiceRecord } from './records.ts'

/** How long a service that is known to run may take to answer: the machine may be busy. */
export const answerLimitMs = 5_000

/** The record of a service that still runs. One whose process is gone is forgotten, and its folder removed. */
export async function runningRecord(stateDir: string, name: string): Promise<ServiceRecord | undefined> {
  const record = (await readRecords(stateDir)).find((other) => other.name === name)
  if (record === undefined || (await isAlive(record))) return record
  await teardown(record, undefined, process.env)
  await writeRecord(stateDir, name, undefined)
  return undefined
}

/** Only Docker knows about a container; all we can see is whether it answers. Its project is kept until `down`. */
export async function isAlive(record: ServiceRecord): Promise<boolean> {
  if (record.how === 'compose') return true
  const identity = identityOf(record)
  return identity !== undefined && (await isRunning(identity)) && (await worksIn(identity.pid, record.folder))
}

/** The process of a local service. */
export function identityOf({ pid, startTime }: ServiceRecord): ProcessIdentity | undefined {
  return pid === undefined || startTime === undefined ? undefined : { pid, startTime }
}

/** Whether it can be used now. */
export async function isUsable(
  { name, port, password }: ServiceRecord,
  timeoutMs = answerLimitMs,
): Promise<boolean> {
  return (await definitionOf(name).probe(port, timeoutMs, password)).usable
}
