import { onTestFinished } from 'vitest'
import { createFlow, type TestFlow, type WorkloadName } from './flow.ts'

/** A flow of which every connection closes with the test. */
export function flow(
  target: string,
  options: Record<string, unknown> = {},
  workload: WorkloadName = 'produce',
): TestFlow {
  return createFlow(target, options, workload, onTestFinished)
}
