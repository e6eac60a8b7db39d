import type { Logger } from '../plugin/common.ts'
import type { AuditResult, Connection, DriverContext, Observer, TaskContext } from '../plugin/driver.ts'
import type { ResolvedWorkload } from '../loading/workload.ts'
import type { Facts } from '../plugin/common.ts'
import type { WireFlow } from '../protocol/protocol.ts'
import type { Clock } from '../load/clock.ts'
import type { Holder, Shares } from './shares.ts'
import { CloudbenchError, messageOf } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import { importPlugin } from '../loading/import.ts'
import { parseOptions } from '../loading/options.ts'
import { workloadOf } from '../loading/workload.ts'
import { Connections } from './connections.ts'
import { Tally } from './tally.ts'

/** A connection that is not open after this long counts as refused. */
const connectLimitMs = 30_000
/** Server statistics that take longer are left out of the interval. */
const observeLimitMs = 2_000

export interface FlowRuntimeOptions {
  readonly flow: WireFlow
  readonly seed: number
  readonly worker: { readonly index: number; readonly total: number }
  readonly clock: Clock
  readonly shares: Shares
  readonly signal: AbortSignal
  readonly log: Logger
}

/** A flow in one worker: its driver's functions, its connections and its tally. */
export interface FlowRuntime {
  readonly name: string
  readonly tally: Tally
  readonly connections: Connections
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
  /** Cumulative counters of the server; undefined when the driver has none. */
  observe(): Promise<Readonly<Record<string, number>> | undefined>
  close(): Promise<void>
}

/** Imports the driver of a flow and checks its options again, now for real. */
export async function createFlowRuntime(options: FlowRuntimeOptions): Promise<FlowRuntime> {
  const { flow, worker, clock } = options
  const driver = await importPlugin(flow.driver.url, 'driver')
  const workload = workloadOf(driver, flow.workload)
  const parsed = await parseOptions(`${driver.name} ${workload.name}`, workload.options, flow.driver.options)
  const tally = new Tally(workload.name)
  const taskContext = (holder: Holder): TaskContext => ({
    options: parsed,
    target: flow.target,
    workload: workload.name,
    flow: flow.name,
    seed: options.seed,
    worker,
    signal: options.signal,
    log: options.log,
    share: holder.share,
  })
  const newHolder = (): Holder => options.shares.holder(flow.target)
  const connections = new Connections({
    clock,
    indices: indicesOf(flow.connections, worker),
    connect: (index, holder) => {
      const connection = { index, total: flow.connections }
      const context = { ...taskContext(holder), ...tallyContext(tally), connection }
      return within(connectLimitMs, async () => checked(driver.name, await workload.connect(context)))
    },
    holder: newHolder,
    warn: (message) => options.log.warn(`[${driver.name}] ${message}`),
  })
  const task = async <T>(run: (context: TaskContext) => T | Promise<T>): Promise<T> => {
    const holder = newHolder()
    try {
      return await run(taskContext(holder))
    } finally {
      await holder.release()
    }
  }
  const { observe, close } = observerOf(workload, worker.index === 0, taskContext, newHolder, options.log)
  return {
    name: flow.name,
    tally,
    connections,
    prepare: async () => (await task(async (context) => workload.prepare?.(context))) ?? {},
    audit: async () => (await task(async (context) => workload.audit?.(context))) ?? [],
    cleanup: () => task(async (context) => workload.cleanup?.(context)),
    observe,
    async close() {
      await connections.closeAll()
      await close()
    },
  }
}

/** The connections of a worker: every n-th of all. */
function indicesOf(total: number, worker: { readonly index: number; readonly total: number }): number[] {
  const indices: number[] = []
  for (let index = worker.index; index < total; index += worker.total) indices.push(index)
  return indices
}

function tallyContext({
  outcome,
  counter,
  recorder,
  bytes,
}: Tally): Pick<DriverContext, 'outcome' | 'counter' | 'recorder' | 'bytes'> {
  return { outcome, counter, recorder, bytes }
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

function observerOf(
  workload: ResolvedWorkload,
  isFirst: boolean,
  context: (holder: Holder) => TaskContext,
  newHolder: () => Holder,
  log: Logger,
): Pick<FlowRuntime, 'observe' | 'close'> {
  if (!workload.observe || !isFirst) return { observe: async () => undefined, close: async () => {} }
  let opening: Promise<OpenObserver> | undefined
  const open = async (): Promise<OpenObserver> => {
    const holder = newHolder()
    try {
      return { observer: await workload.observe!(context(holder)), holder }
    } catch (error) {
      await holder.release().catch(() => {})
      throw error
    }
  }
  let last: Readonly<Record<string, number>> = {}
  return {
    async observe() {
      try {
        last = await within(observeLimitMs, async () => {
          opening ??= open()
          return (await opening).observer.read()
        })
      } catch (error) {
        // the load goes on without its server's statistics; the next interval tries again
        log.warn(`server statistics of ${workload.name}: ${messageOf(error)}`)
        const failed = opening
        opening = undefined
        void failed?.then(closeObserver).catch(() => {})
      }
      return last
    },
    async close() {
      const opened = await opening?.catch(() => undefined)
      opening = undefined
      if (opened) await closeObserver(opened)
    },
  }
}

interface OpenObserver {
  readonly observer: Observer
  readonly holder: Holder
}

async function closeObserver({ observer, holder }: OpenObserver): Promise<void> {
  try {
    await observer.close()
  } finally {
    await holder.release()
  }
}
