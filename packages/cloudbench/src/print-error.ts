import type { CommandContext } from './command-context.ts'

/** Says what went wrong on stderr. Errors that are meant for people are printed as they are, all others as our bug. */
export function printError(error: unknown, { env, redact, terminal }: CommandContext): void {
  const text = isForPeople(error) ? error.format() : bugReport(error, env['CLOUDBENCH_DEBUG'])
  terminal.stderr.write(`${withoutPasswords(redact(text))}\n`)
}

/** Of core or of a package with the same shape; `instanceof` would depend on which copy of core threw it. */
function isForPeople(error: unknown): error is { format(): string } {
  if (typeof error !== 'object' || error === null) return false
  const { code, format } = error as { code?: unknown; format?: unknown }
  return typeof code === 'string' && code.startsWith('CB_') && typeof format === 'function'
}

function bugReport(error: unknown, debug: string | undefined): string {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  if (debug === '1' && error instanceof Error && error.stack !== undefined)
    return `this is a bug in cloudbench\n${error.stack}`
  return `${message}\n  this is a bug in cloudbench\n  next: set CLOUDBENCH_DEBUG=1 to see where, and report it`
}

/** For failures from before the configuration was read, when nobody knows the secrets yet. */
function withoutPasswords(text: string): string {
  return text.replaceAll(/(:\/\/[^\s/:@"']*:)[^\s/@"']+(?=@)/g, '$1***')
}
