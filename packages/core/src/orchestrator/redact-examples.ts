import type { OperationDelta, WorkerInterval } from '../metrics/delta.ts'
import type { OutcomeCount } from '../plugin/model.ts'

/** Hides secrets in what servers said: a body may repeat the header that it was sent. */
export function redactExamples(interval: WorkerInterval, redact: (text: string) => string): WorkerInterval {
  const operation = (delta: OperationDelta): OperationDelta => ({
    ...delta,
    outcomes: Object.fromEntries(
      Object.entries(delta.outcomes).map(([name, { example, ...counts }]): [string, OutcomeCount] => [
        name,
        example === undefined ? counts : { ...counts, example: redact(example) },
      ]),
    ),
  })
  return {
    ...interval,
    flows: interval.flows.map((flow) => ({ ...flow, operations: flow.operations.map(operation) })),
  }
}
