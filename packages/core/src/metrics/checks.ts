/** A threshold on a metric, such as `'get/response.p99': '< 25ms'`. */
export interface Check {
  /** As written. */
  readonly name: string
  readonly expected: string
}
