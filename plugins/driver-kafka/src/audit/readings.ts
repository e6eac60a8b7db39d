import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding, sharedReadings } from '@cloudbench/driver-kit'

/** Which offsets the connections of a worker have read. */
export interface Offsets extends Shareable {
  messages: number
  /** How often offsets were missing between one batch and the next. */
  gaps: number
  example: string | undefined
}

export async function sharedOffsets({ flow, share }: Pick<TaskContext, 'flow' | 'share'>): Promise<Offsets> {
  return await share(`kafka offsets ${flow}`, () => ({
    messages: 0,
    gaps: 0,
    example: undefined,
    close: () => {},
  }))
}

/** Says whether all that was read was without gaps, and whole. */
export async function auditReadings(context: TaskContext): Promise<readonly AuditResult[]> {
  const { messages, gaps, example } = await sharedOffsets(context)
  const contents = await sharedReadings(context)
  return [finding('messages are read without gaps', messages, gaps, example), contents.finding()]
}
