import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'

/** What the connections of a worker have read. */
export interface Readings extends Shareable {
  messages: number
  /** How often something was missing between one batch and the next. */
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

/** Says whether everything that was read followed on what was read before. */
export async function auditReadings(context: TaskContext): Promise<readonly AuditResult[]> {
  const { messages, gaps, example } = await sharedReadings(context)
  const status = gaps > 0 ? 'failed' : messages > 0 ? 'passed' : 'skipped'
  const found = { status, examined: messages, violations: gaps } as const
  return [
    { name: 'messages are read without gaps', ...found, ...(example !== undefined && { message: example }) },
  ]
}
