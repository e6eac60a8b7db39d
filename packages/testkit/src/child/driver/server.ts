import type { LoopbackOptions } from '@cloudbench/core'
import type { DriverJob, LoopbackJob, Order, Report } from '../../job.ts'
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { fault, type FaultDetails } from '../../fault.ts'

/** A driver's own server. It has a process of its own, so that it can be done away with. */
export interface Loopback {
  readonly target: string
  /** Answers nothing any more, and says nothing about it. */
  freeze(): void
  /** Dies without a goodbye. What it had not answered is never answered. */
  kill(): Promise<void>
  close(): Promise<void>
}

/** Starts the driver's own loopback server in another process, where it cannot help the driver. */
export async function startLoopback(
  { url, limitMs }: Pick<DriverJob, 'url' | 'limitMs'>,
  options: LoopbackOptions = {},
): Promise<Loopback> {
  const isSource = import.meta.url.endsWith('.ts')
  const main = new URL(`../main.${isSource ? 'ts' : 'js'}`, import.meta.url)
  const child = fork(fileURLToPath(main), {
    execArgv: ['--no-warnings', ...(isSource ? ['--conditions=@cloudbench/source'] : [])],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  })
  const job: LoopbackJob = { kind: 'loopback', url, options, limitMs }
  const order = (message: Order): void => {
    if (child.connected) child.send(message, () => {})
  }
  let verdict: FaultDetails | undefined
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve())
  })
  const target = await new Promise<string>((resolve, reject) => {
    child.on('message', (report: Report) => {
      if (report.type === 'ready') order({ type: 'job', job })
      else if (report.type === 'serving') resolve(report.target)
      else if (report.type === 'fault') {
        verdict = report.fault
        reject(fault(report.fault))
      }
    })
    void ended.then(() =>
      reject(
        fault({
          what: 'the process of the loopback server ended by itself',
          expected: 'a server that runs until it is closed',
          next: 'never exit from within loopback, and listen for the errors of its sockets',
        }),
      ),
    )
  })
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  return {
    target,
    freeze: () => void child.kill('SIGSTOP'),
    kill,
    async close() {
      order({ type: 'close' })
      const patience = setTimeout(() => child.kill('SIGKILL'), 3 * limitMs)
      await ended
      clearTimeout(patience)
      if (verdict !== undefined) throw fault(verdict)
    },
  }
}

/** Runs against what the test gives, or else the driver's own loopback server. */
export async function withServer<T>(job: DriverJob, run: (target: string) => Promise<T>): Promise<T> {
  if (job.target !== undefined) return run(job.target)
  return withLoopback(await startLoopback(job), run)
}

/** Runs against a loopback server, and is rid of it afterwards. */
export async function withLoopback<T>(server: Loopback, run: (target: string) => Promise<T>): Promise<T> {
  try {
    return await run(server.target)
  } finally {
    await server.kill()
  }
}
