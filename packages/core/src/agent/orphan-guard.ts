import { spawn } from 'node:child_process'

/** Waits until no process holds the other end of its input, gives the process a second to leave by itself, and kills it. */
const script = `trap '' INT TERM HUP QUIT; read -r _; sleep 1; kill -KILL "$0"`

/**
 * Kills a process once this one is gone, even after SIGKILL: one that is in an endless loop never sees that its channel
 * is closed. Returns a function that ends the guard.
 */
export function guardOrphan(pid: number): () => void {
  const guard = spawn('/bin/sh', ['-c', script, String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  // without a guard, only a process in an endless loop outlives its orchestrator
  guard.on('error', () => {})
  guard.stdin?.on('error', () => {})
  guard.unref()
  return () => void guard.kill('SIGKILL')
}
