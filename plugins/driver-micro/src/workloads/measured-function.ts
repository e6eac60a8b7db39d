/** The function that a workload measures. */
export interface MeasuredFunction {
  /** For messages, and the operation in the results. */
  readonly name: string
  /** One call. If it returns a promise, the call ends when the promise settles. */
  readonly call: () => unknown
}
