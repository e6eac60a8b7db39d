import type { CommandContext } from './command-context.ts'
import { isHangupIgnored } from './hangup.ts'

/** After the second signal, the process exits at the latest after this long. */
const killLimitMs = 2_000
/** Signals that follow each other this fast are one: a shell repeats the kernel's SIGHUP, and npm the terminal's SIGINT. */
const burstMs = 500

/** That ask a process to end. */
export const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

export interface Interrupts {
  /** Aborted by the first signal that asks the process to end. */
  readonly interrupt: AbortSignal
  /** Aborted by the second. */
  readonly kill: AbortSignal
  /** Hears no more of them. Restores Node's own handling, unless the program is about to end. */
  close(): void
}

/** Turns Ctrl-C into two steps: finish early and report, then exit at once. */
export function watchInterrupts({ env, ownsProcess, terminal }: CommandContext): Interrupts {
  const interrupt = new AbortController()
  const kill = new AbortController()
  const heard = endSignals.filter((signal) => signal !== 'SIGHUP' || !isHangupIgnored(env))
  let firstMs = 0
  const onSignal = (): void => {
    if (!interrupt.signal.aborted) {
      firstMs = performance.now()
      terminal.stderr.write('\ninterrupted: reporting what ran so far. Interrupt again to stop at once.\n')
      interrupt.abort()
      return
    }
    if (performance.now() - firstMs < burstMs) return
    kill.abort()
    setTimeout(() => process.exit(130), killLimitMs).unref()
  }
  for (const signal of heard) process.on(signal, onSignal)
  return {
    interrupt: interrupt.signal,
    kill: kill.signal,
    close() {
      // the last line has told how the program ends: until it does, a signal changes nothing
      if (ownsProcess) for (const signal of heard) process.on(signal, () => {})
      for (const signal of heard) process.off(signal, onSignal)
    },
  }
}
