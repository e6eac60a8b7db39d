/** What is measured. */
export interface MeasuredFunction {
  /** For messages, and as the operation in the results. */
  readonly name: string
  /** One call. A promise that it returns is part of the call. */
  readonly call: () => unknown
}
