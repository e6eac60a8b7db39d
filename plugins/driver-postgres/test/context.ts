import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { createFlow, type TestFlow, type WorkloadName } from './flow.ts'

export { countOf, parse, send, sendAll, uniform } from './flow.ts'

/** A flow whose connections close with the test. */
export function flow(
  workload: WorkloadName,
  target: string,
  options: Record<string, unknown> = {},
): TestFlow {
  const created = createFlow(workload, target, options, (close) => onTestFinished(close))
  onTestFinished(() => created.release())
  return created
}

/** Waits for something that the server or another connection does. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error('it did not happen within 20 s')
    await sleep(10)
  }
}
