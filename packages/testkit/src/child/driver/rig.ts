import type { Connection, Driver, Schema, TaskContext } from '@cloudbench/core'
import type { DriverJob } from '../../job.ts'
import { createFlowHooks, Shares, Tally, workloadOf } from '@cloudbench/core/program'
import { load, parse } from '../plugin.ts'
import { within } from '../within.ts'
import { createInterning, type Interning } from './interning.ts'

/** An open connection, with how to close it. */
export interface Link {
  readonly connection: Connection
  readonly streams: number
  /** Rejects with what the driver throws, and with a fault when it hangs. */
  close(): Promise<void>
}

/** A driver with everything that a worker gives it. */
export interface Rig {
  readonly driver: Driver
  readonly workload: ReturnType<typeof workloadOf>
  readonly interning: Interning
  connect(): Promise<Link>
  /** Whatever the workload has to do before load; nothing when it has nothing to do. */
  prepare(): Promise<void>
  /** Runs `prepare`, `audit`, `cleanup` or `observe` with a context of its own. */
  task<T>(what: string, run: (context: TaskContext) => T | Promise<T>): Promise<T>
  /** Closes what connections share for as long as the worker lives. */
  close(): Promise<void>
}

const afterLostConnection =
  'let the client connect once, and reject: reconnecting is the business of the host'

/** Imports the driver of a job, for one target. */
export async function openRig(job: DriverJob, target: string): Promise<Rig> {
  const { limitMs } = job
  const driver = await load('driver', job)
  const workload = workloadOf(driver, job.workload)
  const options = await parse(
    `${driver.name} ${workload.name}`,
    workload.options as Schema | undefined,
    job.options,
  )
  const interning = createInterning(workload.name)
  const shares = new Shares()
  const { counter, recorder, bytes } = new Tally(workload.name)
  const hooks = createFlowHooks({
    driverName: driver.name,
    workload,
    options,
    target,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    signal: new AbortController().signal,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    shares,
    tally: { outcome: interning.outcome, counter, recorder, bytes },
  })
  let opened = 0
  const task: Rig['task'] = (what, run) => within(Math.max(limitMs, 30_000), what, () => hooks.task(run))
  return {
    driver,
    workload,
    interning,
    task,
    close: () => within(limitMs, 'the close of what lasts', () => shares.close()),
    prepare: () => task('prepare', async (given) => void (await workload.prepare?.(given))),
    async connect() {
      const holder = hooks.newHolder()
      let connection: Connection
      try {
        connection = await within(
          limitMs,
          'connect',
          () => hooks.connect({ index: opened++ % 8, total: 8 }, holder),
          afterLostConnection,
        )
      } catch (error) {
        await within(limitMs, 'the close of what connect had shared', () => holder.release())
        throw error
      }
      return {
        connection,
        streams: connection.streams ?? 1,
        close: () =>
          within(
            limitMs,
            'close',
            async () => {
              try {
                await connection.close()
              } finally {
                await holder.release()
              }
            },
            'end the connection by force: a server that is gone answers no goodbye',
          ),
      }
    },
  }
}
