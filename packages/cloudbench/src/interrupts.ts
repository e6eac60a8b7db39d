import type { CommandContext } from './command-context.ts'

/** After the second signal, whoever has not let go by then is not waited for. */
const killLimitMs = 5_000

export interface Interrupts {
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly interrupt: AbortSignal
  /** Aborted by the second. */
  readonly kill: AbortSignal
  /** Gives the signals back to Node. */
  close(): void
}

/** Turns Ctrl-C into two steps: first finish early and report, then out. */
export function watchInterrupts({ terminal }: CommandContext): Interrupts {
  const interrupt = new AbortController()
  const kill = new AbortController()
  const onSignal = (): void => {
    if (!interrupt.signal.aborted) {
      terminal.stderr.write('\ninterrupted: reporting what ran so far. Once more to stop at once.\n')
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
