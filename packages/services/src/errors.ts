export interface ServiceErrorDetails {
  /** What happened, and where. */
  readonly what: string
  readonly expected?: string
  /** What to type or change next. */
  readonly next?: string
  readonly cause?: unknown
}

/**
 * The one error class of this package. It has the shape of core's `CloudbenchError`, so programs can handle both alike
 * without this package depending on core.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError'
  readonly code = 'CB_SERVICE'
  readonly expected: string | undefined
  readonly next: string | undefined

  constructor({ what, expected, next, cause }: ServiceErrorDetails) {
    super(what, cause === undefined ? undefined : { cause })
    this.expected = expected
    this.next = next
  }

  /** One line for what happened, one for what was expected, one for what to do next. */
  format(): string {
    const lines = [`${this.code}: ${this.message}`]
    if (this.expected) lines.push(`  expected: ${this.expected}`)
    if (this.next) lines.push(`  next: ${this.next}`)
    return lines.join('\n')
  }
}
