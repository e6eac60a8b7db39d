import type { Command, CommanderError } from 'commander'

/** An invalid command line, in the form of our other errors. */
class UsageError extends Error {
  readonly code = 'CB_USAGE'
  readonly next: string

  constructor(what: string, next: string) {
    super(what)
    this.next = next
  }

  format(): string {
    return `${this.code}: ${this.message}\n  next: ${this.next}`
  }
}

const notErrors = new Set(['commander.help', 'commander.helpDisplayed', 'commander.version'])

/** What the parser found wrong. `undefined` when nothing is: help or the version was requested and printed. */
export function usageErrorOf(
  error: CommanderError,
  program: Command,
  argv: readonly string[],
): UsageError | undefined {
  if (notErrors.has(error.code)) return undefined
  const [what = '', ...rest] = error.message.replace(/^error: /, '').split('\n')
  const meant = /^\(Did you mean (?:one of )?(.+)\?\)$/.exec(rest.join(' '))?.[1]
  const command = namesOf(program).find((name) => name === argv[0])
  const help = `see cloudbench ${command === undefined ? '' : `${command} `}--help`
  return new UsageError(what, meant === undefined ? help : `did you mean ${meant}?`)
}

/** `cloudbench lsit` is taken for a scenario of that name; the error should suggest the command. */
export async function withCommandHint(
  error: unknown,
  program: Command,
  [typed = '']: readonly string[],
): Promise<unknown> {
  const { code, message, next } = error as { code?: string; message?: string; next?: string }
  if (code !== 'CB_USAGE' || message !== `there is no scenario ${typed}` || next?.startsWith('did you mean'))
    return error
  const { nearest } = await import('@cloudbench/core/program')
  const meant = nearest(typed, namesOf(program))
  return meant === undefined
    ? error
    : new UsageError(`there is no command and no scenario ${typed}`, `did you mean cloudbench ${meant}?`)
}

/** An unset variable of a shell leaves an empty word, and would select everything instead of one thing. */
export function refuseEmpty(command: Command): void {
  const empty = (value: unknown): boolean =>
    [value].flat().some((word) => typeof word === 'string' && word.trim() === '')
  const option = command.options.find((candidate) => empty(command.getOptionValue(candidate.attributeName())))
  const argument = command.registeredArguments.find((_argument, at) => empty(command.processedArgs[at]))
  const what = option?.long ?? argument?.name()
  if (what === undefined) return
  throw new UsageError(
    `${what} has an empty value`,
    'give it a value, or leave it out; is a variable of the shell unset?',
  )
}

function namesOf(program: Command): string[] {
  return program.commands.map((command) => command.name())
}
