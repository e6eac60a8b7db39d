import type { CommandContext } from './command-context.ts'

/** Prints an error to stderr: one that is meant for people as it is, any other as our bug. */
export function printError(error: unknown, { env, redact, terminal }: CommandContext): void {
  const text = isForPeople(error) ? error.format() : bugReport(error, env['CLOUDBENCH_DEBUG'])
  terminal.stderr.write(`${redact(text)}\n`)
}

/** Thrown by core or a package with errors of the same shape; `instanceof` would depend on which copy of core threw it. */
function isForPeople(error: unknown): error is { format(): string } {
  if (typeof error !== 'object' || error === null) return false
  const { code, format } = error as { code?: unknown; format?: unknown }
  return typeof code === 'string' && code.startsWith('CB_') && typeof format === 'function'
}

function bugReport(error: unknown, debug: string | undefined): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (debug === '1' && error instanceof Error && error.stack !== undefined)
    return `this is a bug in cloudbench\n${error.stack}`
  return `${message}\n  this is a bug in cloudbench\n  next: set CLOUDBENCH_DEBUG=1 for a stack trace, and report it`
}
