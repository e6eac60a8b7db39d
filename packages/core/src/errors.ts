/** Every kind of refusal. The documentation has an anchor for each. */
export type ErrorCode =
  | 'CB_CHECK'
  | 'CB_CLIENT_NOT_FOUND'
  | 'CB_CONFIG'
  | 'CB_CONFIG_SYNTAX'
  | 'CB_CONNECT'
  | 'CB_HOOK'
  | 'CB_HOOK_TIMEOUT'
  | 'CB_LOG_FILE'
  | 'CB_OPTIONS_NOT_JSON'
  | 'CB_OUTPUT'
  | 'CB_PLUGIN_API'
  | 'CB_PLUGIN_IMPORT'
  | 'CB_PLUGIN_KIND'
  | 'CB_PLUGIN_MANIFEST'
  | 'CB_PLUGIN_NOT_FOUND'
  | 'CB_PLUGIN_OPTIONS'
  | 'CB_RESULT_FILE'
  | 'CB_SECRET'
  | 'CB_SERVICE'
  | 'CB_TARGET'
  | 'CB_UNIT'
  | 'CB_USAGE'
  | 'CB_WORKER_EXITED'
  | 'CB_WORKER_HUNG'
  | 'CB_WORKER_IPC_LOST'

export interface ErrorDetails {
  readonly code: ErrorCode
  /** What happened, and where. */
  readonly what: string
  readonly expected?: string | undefined
  /** What to type or change next. */
  readonly next?: string | undefined
  readonly cause?: unknown
}

/** The one error class of cloudbench: what happened, what was expected, what to do next. */
export class CloudbenchError extends Error {
  override readonly name = 'CloudbenchError'
  readonly code: ErrorCode
  readonly expected: string | undefined
  readonly next: string | undefined

  constructor({ code, what, expected, next, cause }: ErrorDetails) {
    super(what, cause === undefined ? undefined : { cause })
    this.code = code
    this.expected = expected
    this.next = next
  }

  /** One line for what happened, one for what was expected, one for what to do. */
  format(): string {
    const lines = [`${this.code}: ${this.message}`]
    if (this.expected) lines.push(`  expected: ${this.expected}`)
    if (this.next) lines.push(`  next: ${this.next}`)
    return lines.join('\n')
  }
}

/** One line about whatever was thrown. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof AggregateError && thrown.errors.length > 0 && !thrown.message)
    return thrown.errors.map(messageOf).join('; ')
  if (thrown instanceof Error) {
    const { code } = thrown as NodeJS.ErrnoException
    return thrown.message || code || thrown.name
  }
  return String(thrown)
}
