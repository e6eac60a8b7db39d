import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SignalSource } from '@cloudbench/environment-kit'
import { cellsOf, command } from './cells.ts'

/**
 * How long a fixed amount of work takes: more when the CPUs have become slower. A thread of the lowest priority does it, which
 * sleeps otherwise, and its CPU time is what counts: so it neither disturbs the load nor minds it. It is a sample that tells it
 * to begin, so that every result is of a machine under load: the first one with the first sample, the others 5 to 30 s apart.
 */
export function canary(nowMs = () => performance.now()): SignalSource {
  const { memory, commands, result } = cellsOf()
  const thread = new Worker(new URL(`canary-thread${extname(import.meta.url)}`, import.meta.url), {
    workerData: memory,
    execArgv: [],
  })
  thread.unref()
  // without its thread there is no signal, and that is all.
  thread.on('error', () => {})
  thread.on('exit', () => (result[0] = 0))
  let firstMs: number | undefined
  let nextMs = -Infinity
  return {
    signals: { 'cpu.canaryNs': 'gauge' },
    async read() {
      const now = nowMs()
      firstMs ??= now
      if (now >= nextMs) {
        nextMs = now + pauseAfterMs(now - firstMs)
        Atomics.store(commands, 0, command.work)
        Atomics.notify(commands, 0)
      }
      return { 'cpu.canaryNs': result[0] || undefined }
    },
    async close() {
      await thread.terminate()
    },
  }
}

/** As long as it has been watching, but 5 s at least and 30 s at most: a short run needs a few results too. */
export function pauseAfterMs(watchedMs: number): number {
  return Math.min(Math.max(watchedMs, 5_000), 30_000)
}
