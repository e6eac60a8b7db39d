import type { CommandContext } from './command-context.ts'

/** After the second signal, the process exits at the latest after this long. */
const killLimitMs = 5_000

export interface Interrupts {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly interrupt: AbortSignal
  /** Aborted by the second. */
  readonly kill: AbortSignal
  /** Restores Node's own handling of the signals. */
  close(): void
}

/** Turns Ctrl-C into two steps: finish early and report, then exit at once. */
export function watchInterrupts({ terminal }: CommandContext): Interrupts {
  const interrupt = new AbortController()
  const kill = new AbortController()
  const onSignal = (): void => {
    if (!interrupt.signal.aborted) {
      terminal.stderr.write('\ninterrupted: reporting what ran so far. Interrupt again to stop at once.\n')
      interrupt.abort()
      return
    }
    kill.abort()
    setTimeout(() => process.exit(130), killLimitMs).unref()
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal)
  return {
    interrupt: interrupt.signal,
    kill: kill.signal,
    close() {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal)
    },
  }
}
