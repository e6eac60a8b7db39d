import { onTestFinished } from 'vitest'
import { createFlow, type TestFlow } from './flow.ts'

export { countOf, parse, send, sendAll, uniform } from './flow.ts'

/** A flow whose connections close when the test ends. */
export function flow(target: string, options: Record<string, unknown> = {}, workload?: string): TestFlow {
  return createFlow(target, options, (close) => onTestFinished(close), workload)
}
