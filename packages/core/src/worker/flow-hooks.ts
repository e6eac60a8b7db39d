import { CloudbenchError } from '../errors.ts'
import type { ResolvedWorkload } from '../loading/workload.ts'
import type { Awaitable } from '../plugin/common.ts'
import type {
  AuditResult,
  Connection,
  DriverContext,
  Observer,
  Sockets,
  TaskContext,
} from '../plugin/driver.ts'
import type { Facts } from '../plugin/facts.ts'
import type { Lost } from './connections.ts'
import type { Holder, Shares } from './shares.ts'

/** `options` are parsed. */
export interface FlowHooksOptions extends Omit<TaskContext, 'workload' | 'share'> {
  readonly driverName: string
  readonly workload: ResolvedWorkload
  readonly shares: Shares
  /** Where the driver counts: the flow's tally. */
  readonly tally: Pick<DriverContext, 'outcome' | 'counter' | 'recorder' | 'bytes'>
  readonly sockets: Sockets
  readonly trace?: DriverContext['trace']
}

/** The functions of a workload, each called with the context that one flow of one worker gives it. */
export interface FlowHooks {
  newHolder(): Holder
  /** Opens a connection, which may use what the holder shares. Rejects unless it is one. */
  connect(connection: DriverContext['connection'], holder: Holder, lost: Lost): Promise<Connection>
  /** Runs something with its own holder, then releases it. */
  task<T>(run: (context: TaskContext) => Awaitable<T>): Promise<T>
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
  /** Undefined when the workload observes nothing. Closing the observer releases what it shares. */
  observe(): Promise<Observer | undefined>
}

export function createFlowHooks(given: FlowHooksOptions): FlowHooks {
  const { driverName, workload, shares, tally, sockets, trace, ...own } = given
  const newHolder = (): Holder => shares.holder(given.target, sockets)
  const taskContext = ({ share }: Holder): TaskContext => ({ ...own, workload: workload.name, share })
  const task: FlowHooks['task'] = async (run) => {
    const holder = newHolder()
    try {
      return await run(taskContext(holder))
    } finally {
      await holder.release()
    }
  }
  return {
    newHolder,
    async connect(connection, holder, lost) {
      const { outcome, counter, recorder, bytes } = tally
      const counted = { outcome, counter, recorder, bytes, sockets, ...(trace && { trace }) }
      const context = { ...taskContext(holder), ...counted, connection, lost }
      return checked(driverName, await workload.connect(context))
    },
    task,
    prepare: async () => (await task(async (context) => workload.prepare?.(context))) ?? {},
    audit: async () => (await task(async (context) => workload.audit?.(context))) ?? [],
    cleanup: () => task(async (context) => workload.cleanup?.(context)),
    async observe() {
      if (!workload.observe) return undefined
      const holder = newHolder()
      try {
        return releasing(await workload.observe(taskContext(holder)), holder)
      } catch (error) {
        await holder.release().catch(() => {})
        throw error
      }
    },
  }
}

function releasing(observer: Observer, holder: Holder): Observer {
  return {
    read: () => observer.read(),
    async close() {
      try {
        await observer.close()
      } finally {
        await holder.release()
      }
    },
  }
}

function checked(driver: string, connection: Connection): Connection {
  const { request, issue, close, streams = 1 } = connection ?? {}
  const fault =
    typeof request !== 'function' && typeof issue !== 'function'
      ? 'without request or issue'
      : typeof close !== 'function'
        ? 'without close'
        : !Number.isInteger(streams) || streams < 1
          ? `with ${streams} streams`
          : undefined
  if (fault)
    throw new CloudbenchError({
      code: 'CB_HOOK',
      what: `driver "${driver}" returned a connection ${fault}`,
      expected: '{ request(call) or issue(slot), close(), streams? }',
    })
  return connection
}
