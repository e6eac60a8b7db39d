import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding } from './finding.ts'

/** What verified reads have found, on all connections of a flow in a worker. */
export interface Readings extends Shareable {
  /** A read returned what was written. */
  right(): void
  /** It did not. Only the first time, `describe` is asked what was found where. */
  wrong(describe: () => string): void
  finding(): AuditResult
}

const ofStored = 'reads return what was written'

/**
 * The readings of a flow in this worker: its connections add to them, its audit reports them.
 * @param name Of the finding.
 */
export async function sharedReadings(
  { flow, share }: Pick<TaskContext, 'flow' | 'share'>,
  name = ofStored,
): Promise<Readings> {
  return await share(`readings ${flow}`, () => createReadings(name))
}

export function createReadings(name = ofStored): Readings {
  let examined = 0
  let violations = 0
  let example: string | undefined
  return {
    right() {
      examined++
    },
    wrong(describe) {
      examined++
      violations++
      example ??= describe()
    },
    finding: () => finding(name, examined, violations, example),
    close() {},
  }
}
