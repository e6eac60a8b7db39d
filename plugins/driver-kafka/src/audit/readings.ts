import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding, sharedReadings } from '@cloudbench/driver-kit'

/** Which offsets the connections of a worker have read. */
export interface Offsets extends Shareable {
  /** Whether offsets may be missing: a compacted topic keeps only the newest message of every key. */
  isCompacted: boolean
  messages: number
  /** How often offsets were missing between one batch and the next. */
  gaps: number
  example: string | undefined
}

export async function sharedOffsets({ flow, share }: Pick<TaskContext, 'flow' | 'share'>): Promise<Offsets> {
  return await share(`kafka offsets ${flow}`, () => ({
    isCompacted: false,
    messages: 0,
    gaps: 0,
    example: undefined,
    close: () => {},
  }))
}

/** Says whether all that was read was without gaps, and whole. */
export async function auditReadings(context: TaskContext): Promise<readonly AuditResult[]> {
  const { isCompacted, messages, gaps, example } = await sharedOffsets(context)
  const contents = await sharedReadings(context)
  const withoutGaps = 'messages are read without gaps'
  return [
    isCompacted
      ? finding(withoutGaps, 0, 0, undefined, 'not examined: the topic is compacted, and may lack any offset')
      : finding(withoutGaps, messages, gaps, example),
    contents.finding(),
  ]
}
