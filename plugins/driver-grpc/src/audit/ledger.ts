import type { TaskContext } from '@cloudbench/core'
import { type Readings, sharedReadings } from '@cloudbench/driver-kit'

/** Answers that were compared with what was expected, for all connections of a flow in a worker. */
export function sharedLedger(context: Pick<TaskContext, 'share' | 'flow'>): Promise<Readings> {
  return sharedReadings(context, 'answers are as expected')
}
