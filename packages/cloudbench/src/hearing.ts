import { closeSync } from 'node:fs'
import { url as debuggerUrl } from 'node:inspector'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { CloudbenchError } from '@cloudbench/core'
import type { CommandContext } from './command-context.ts'
import { lastLine } from './last-line.ts'
import { printError } from './print-error.ts'

/** What the thread gets. */
export interface Watch {
  /** Grows as long as the event loop turns. */
  readonly beats: Int32Array
  /** How often the thread looks. */
  readonly lookMs: number
  /** How many looks without a beat are too many. */
  readonly looks: number
  /** Where the thread finds what to call in this one, with the place where it stopped it. */
  readonly symbol: string
}

const lookMs = 1_000
const looks = 10
const symbol = 'cloudbench.deaf'

/**
 * Watches, from a thread, whether this process still hears signals. A plugin that never gives back the event loop would
 * make it deaf for good: the thread stops it like a debugger, and ends the run by its name. Returns a function that stops
 * watching.
 */
export function watchHearing(context: CommandContext): () => void {
  // a person with a debugger may stop it for as long as they like
  if (debuggerUrl() !== undefined) return () => {}
  const beats = new Int32Array(new SharedArrayBuffer(4))
  const heart = setInterval(() => Atomics.add(beats, 0, 1), lookMs / 4)
  heart.unref()
  const endAt = (place: string): void => {
    printError(deafness(context.pending?.() ?? [], place), context)
    const { stderr } = context.terminal
    stderr.write(lastLine('errored', 'exit code 2', stderr))
    // Node would add that it waits for a debugger
    closeSync(2)
    process.exit(2)
  }
  Object.assign(globalThis, { [Symbol.for(symbol)]: endAt })
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  const thread = new Worker(new URL(`hearing-thread.${extension}`, import.meta.url), {
    workerData: { beats, lookMs, looks, symbol } satisfies Watch,
    execArgv: [],
  })
  thread.unref()
  // without it a plugin in an endless loop has to be killed by hand
  thread.on('error', () => {})
  return () => {
    clearInterval(heart)
    void thread.terminate()
  }
}

function deafness(pending: readonly string[], place: string): CloudbenchError {
  const at = place.startsWith('file:')
    ? place.replace(/^file:.*(?=:\d+$)/, (url) => fileURLToPath(url))
    : place
  const hooks = pending.length === 0 ? '' : `; these have not answered: ${pending.join(', ')}`
  return new CloudbenchError({
    code: 'CB_HOOK_TIMEOUT',
    what: `nothing was heard for ${(looks * lookMs) / 1000} s, not even signals: this process is held up at ${at}${hooks}`,
    expected: 'plugins that give back the event loop',
    next: 'remove the plugin, or report this to its authors. What environments changed on this machine has not been put back',
  })
}
