import type { LoopbackOptions } from '@cloudbench/core'
import type { DriverJob } from '../../job.ts'
import { deadlines, startProcess } from '../../process.ts'

/** A driver's own server, in a process of its own that can be frozen and killed. */
export interface Loopback {
  readonly target: string
  /** From now on it answers nothing, and its connections stay open. */
  freeze(): void
  /** Dies without a goodbye. What it had not answered is never answered. */
  kill(): Promise<void>
  /** Rejects with the fault that is found in closing. */
  close(): Promise<void>
}

/** Starts the driver's own loopback server in another process, where it cannot help the driver. */
export async function startLoopback(
  { url, limitMs }: Pick<DriverJob, 'url' | 'limitMs'>,
  options: LoopbackOptions = {},
): Promise<Loopback> {
  const { ended, serving, tell, kill } = startProcess(
    { kind: 'loopback', url, options, limitMs },
    // in the process group of this one, which may be killed itself
    { ...deadlines(limitMs), isGroup: false },
  )
  return {
    // a server that runs never ends by itself
    target: await Promise.race([serving, ended as Promise<never>]),
    freeze: () => kill('SIGSTOP'),
    async kill() {
      kill('SIGKILL')
      await ended.catch(() => {})
    },
    async close() {
      tell({ type: 'close' })
      await ended
    },
  }
}

/** Runs against the target of the test, or else the driver's own loopback server. */
export async function withServer<T>(
  job: DriverJob,
  run: (target: string) => Promise<T>,
  options: LoopbackOptions = {},
): Promise<T> {
  if (job.target !== undefined) return run(job.target)
  return withLoopback(await startLoopback(job, options), run)
}

/** Runs against a loopback server, then kills it. */
export async function withLoopback<T>(server: Loopback, run: (target: string) => Promise<T>): Promise<T> {
  try {
    return await run(server.target)
  } finally {
    await server.kill()
  }
}
