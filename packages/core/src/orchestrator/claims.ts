import { CloudbenchError } from '../errors.ts'
import type { ReporterPlugin, ScreenTerminal, Terminal, TerminalClaim } from '../plugin/reporter.ts'

/** A reporter, and the stream it claims. */
export interface Claimant {
  readonly reporter: string
  readonly claim: TerminalClaim | undefined
}

const claims: readonly TerminalClaim[] = ['stdout', 'stderr', 'screen']

/** What a reporter with these options, already parsed, writes to beside its files. */
export function claimOf(
  { name, terminal }: Pick<ReporterPlugin, 'name' | 'terminal'>,
  options: unknown,
): Claimant {
  const claim: unknown = typeof terminal === 'function' ? terminal(options) : terminal
  if (claim === undefined || claims.includes(claim as TerminalClaim))
    return { reporter: name, claim: claim as TerminalClaim | undefined }
  throw new CloudbenchError({
    code: 'CB_PLUGIN_KIND',
    what: `the reporter "${name}" claims ${JSON.stringify(claim)} of the terminal`,
    expected: `${claims.map((one) => `'${one}'`).join(', ')} or nothing, as \`terminal\` of defineReporter`,
    next: 'update the reporter, or report this to its authors',
  })
}

/** The terminal with the screen: standard output, or standard error where a program reads standard output. */
export function withScreen(terminal: Terminal, claimants: readonly Claimant[]): ScreenTerminal {
  refuseSecond('stdout', 'write to standard output, where a program expects one format', claimants)
  refuseSecond('screen', 'draw on the screen', claimants)
  const isRead = claimants.some(({ claim }) => claim === 'stdout')
  return { ...terminal, screen: isRead ? terminal.stderr : terminal.stdout }
}

function refuseSecond(contested: TerminalClaim, what: string, claimants: readonly Claimant[]): void {
  const names = claimants.filter(({ claim }) => claim === contested).map(({ reporter }) => reporter)
  if (names.length < 2) return
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `the reporters ${names.join(' and ')} both ${what}`,
    expected: 'at most one that does',
    next: 'remove one, or set its options to write to a file',
  })
}
