import type { Connection, Driver, DriverContext, Schema, TaskContext } from '@cloudbench/core'
import type { DriverJob } from '../../job.ts'
import { type Holder, Shares, workloadOf } from '@cloudbench/core/program'
import { fault } from '../../fault.ts'
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
export interface Session {
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
export async function openSession(job: DriverJob, target: string): Promise<Session> {
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
  const newHolder = (): Holder => shares.holder(target)
  const bytes = { sent: 0, received: 0 }
  let opened = 0
  const taskContext = (holder: Holder): TaskContext => ({
    options,
    target,
    workload: workload.name,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    signal: new AbortController().signal,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    share: holder.share,
  })
  const context = (holder: Holder): DriverContext => ({
    ...taskContext(holder),
    connection: { index: opened++ % 8, total: 8 },
    outcome: interning.outcome,
    counter: () => ({ add: () => {} }),
    recorder: () => ({ record: () => {} }),
    bytes,
  })
  const task: Session['task'] = (what, run) =>
    within(Math.max(limitMs, 30_000), what, async () => {
      const holder = newHolder()
      try {
        return await run(taskContext(holder))
      } finally {
        await holder.release()
      }
    })
  return {
    driver,
    workload,
    interning,
    task,
    close: () => within(limitMs, 'the close of what lasts', () => shares.close()),
    prepare: () => task('prepare', async (given) => void (await workload.prepare?.(given))),
    async connect() {
      const holder = newHolder()
      let connection: Connection
      try {
        connection = await within(
          limitMs,
          'connect',
          () => workload.connect(context(holder)),
          afterLostConnection,
        )
      } catch (error) {
        await within(limitMs, 'the close of what connect had shared', () => holder.release())
        throw error
      }
      return {
        connection,
        streams: streamsOf(connection),
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

function streamsOf(connection: Connection): number {
  const { request, issue, close, streams = 1 } = connection ?? {}
  const what =
    typeof request !== 'function' && typeof issue !== 'function'
      ? 'without request or issue'
      : typeof close !== 'function'
        ? 'without close'
        : !Number.isInteger(streams) || streams < 1
          ? `with ${streams} streams`
          : undefined
  if (what === undefined) return streams
  throw fault({
    what: `connect resolves with a connection ${what}`,
    expected: '{ request(call) or issue(slot), close(), streams? }',
    next: 'return such an object from connect',
  })
}
