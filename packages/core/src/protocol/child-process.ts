/** What terminals, CI runners and whatever stops a container send to a whole process group. */
const groupSignals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const

/**
 * Makes a child process end with its orchestrator, and not before: the orchestrator hears the same signals, and decides
 * what becomes of the requests in flight.
 */
export function followOrchestrator(): void {
  for (const signal of groupSignals) process.on(signal, () => {})
  // without it a child cannot report, and must not go on loading the target
  process.on('disconnect', () => process.exit(0))
}
