import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding } from '@cloudbench/driver-kit'

/** What the connections of a worker have read. */
export interface Readings extends Shareable {
  messages: number
  /** How often offsets were missing between one batch and the next. */
  gaps: number
  example: string | undefined
}

export async function sharedReadings({
  flow,
  share,
}: Pick<TaskContext, 'flow' | 'share'>): Promise<Readings> {
  return await share(`kafka readings ${flow}`, () => ({
    messages: 0,
    gaps: 0,
    example: undefined,
    close: () => {},
  }))
}

/** Says whether all that was read was without gaps. */
export async function auditReadings(context: TaskContext): Promise<readonly AuditResult[]> {
  const { messages, gaps, example } = await sharedReadings(context)
  return [finding('messages are read without gaps', messages, gaps, example)]
}
