import { CloudbenchError, messageOf } from '../errors.ts'
import { within } from '../hooks/deadline.ts'
import type { Clock } from '../load/clock.ts'
import { importPlugin } from '../loading/import.ts'
import { parseOptions } from '../loading/options.ts'
import { workloadOf } from '../loading/workload.ts'
import type { Logger } from '../plugin/common.ts'
import type { AuditResult, Observer, TaskContext } from '../plugin/driver.ts'
import type { Facts } from '../plugin/facts.ts'
import { connectLimitOf } from '../protocol/limits.ts'
import type { WireFlow } from '../protocol/protocol.ts'
import { formatDuration } from '../text/format.ts'
import { Connections } from './connections.ts'
import { createFlowHooks, type FlowHooks } from './flow-hooks.ts'
import type { RequestWatch } from './request-watch.ts'
import type { Shares } from './shares.ts'
import { SocketCount } from './socket-count.ts'
import { Tally } from './tally.ts'

/** Server statistics that take longer are left out of the interval. */
const observeLimitMs = 2_000

export interface FlowRuntimeOptions extends Pick<
  TaskContext,
  'folder' | 'seed' | 'worker' | 'signal' | 'log'
> {
  readonly flow: WireFlow
  readonly clock: Clock
  readonly shares: Shares
  readonly patienceMs: number
  readonly watch?: RequestWatch | undefined
}

/** A flow in one worker: its driver's functions, its connections and its tally. */
export interface FlowRuntime {
  readonly name: string
  readonly tally: Tally
  readonly connections: Connections
  readonly requests?: RequestWatch['requests'] | undefined
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
  /** Cumulative counters of the server; undefined when the driver has none. */
  observe(): Promise<Readonly<Record<string, number>> | undefined>
  close(): Promise<void>
}

/** Imports the driver of a flow and parses its options again, this time to use them. */
export async function createFlowRuntime(given: FlowRuntimeOptions): Promise<FlowRuntime> {
  const { flow, folder, worker, clock, seed, shares, signal, log } = given
  const limitMs = connectLimitOf(given.patienceMs)
  const driver = await importPlugin(flow.driver.url, 'driver')
  const workload = workloadOf(driver, flow.workload)
  const options = await parseOptions(`${driver.name} ${workload.name}`, workload.options, flow.driver.options)
  const tally = new Tally(workload.name)
  const sockets = new SocketCount(clock)
  const hooks = createFlowHooks({
    driverName: driver.name,
    workload,
    options,
    target: flow.target,
    flow: flow.name,
    seed,
    worker,
    folder,
    signal,
    log,
    shares,
    tally,
    sockets,
    trace: given.watch?.trace,
  })
  const connections = new Connections({
    clock,
    indices: indicesOf(flow.connections, worker),
    connect: (index, holder, lost) =>
      within(
        limitMs,
        () => hooks.connect({ index, total: flow.connections }, holder, lost),
        () => neverConnected(driver.name, flow.name, limitMs),
      ),
    holder: hooks.newHolder,
    sockets,
    warn: (message) => log.warn(`[${driver.name}] ${message}`),
  })
  const isObserver = workload.observe !== undefined && worker.index === 0
  const { observe, close } = isObserver ? observerOf(workload.name, hooks, log) : noObserver
  return {
    name: flow.name,
    tally,
    connections,
    requests: given.watch?.requests,
    prepare: hooks.prepare,
    audit: hooks.audit,
    cleanup: hooks.cleanup,
    observe,
    async close() {
      await connections.closeAll()
      await close()
    },
  }
}

function neverConnected(driver: string, flow: string, limitMs: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK_TIMEOUT',
    what: `connect of flow ${flow} (driver ${driver}) did not end within ${formatDuration(limitMs)}`,
    expected: 'a driver that connects, or says why it cannot',
    next: 'see whether the target answers, or report this to the authors of the driver',
  })
}

/** The connections of a worker: every n-th of all. */
function indicesOf(total: number, worker: { readonly index: number; readonly total: number }): number[] {
  const indices: number[] = []
  for (let index = worker.index; index < total; index += worker.total) indices.push(index)
  return indices
}

type Observing = Pick<FlowRuntime, 'observe' | 'close'>

const noObserver: Observing = { observe: async () => undefined, close: async () => {} }

function observerOf(workload: string, hooks: FlowHooks, log: Logger): Observing {
  let opening: Promise<Observer | undefined> | undefined
  let last: Readonly<Record<string, number>> = {}
  return {
    async observe() {
      try {
        last = await within(observeLimitMs, async () => {
          opening ??= hooks.observe()
          return (await opening)!.read()
        })
      } catch (error) {
        // the load goes on without its server's statistics; the next interval tries again
        log.warn(`server statistics of ${workload}: ${messageOf(error)}`)
        const failed = opening
        opening = undefined
        void failed?.then((observer) => observer?.close()).catch(() => {})
      }
      return last
    },
    async close() {
      const observer = await opening?.catch(() => undefined)
      opening = undefined
      await observer?.close()
    },
  }
}
