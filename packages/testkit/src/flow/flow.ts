import type {
  AuditResult,
  ByteCount,
  Connection,
  Driver,
  Facts,
  Outcome,
  RequestTrace,
} from '@cloudbench/core'
import { createFlowHooks, type FlowHooks, Shares, Tally, workloadOf } from '@cloudbench/core/program'
import { onTestFinished } from 'vitest'
import { flowSalt } from './call.ts'
import { closeAll, type Link, openLink } from './links.ts'
import { type GivenOptions, parse } from './parse.ts'
import { record, type Recorded } from './record.ts'
import { countSockets, type SocketCounts } from './sockets.ts'

export interface FlowOptions {
  /** @default the driver's first workload */
  readonly workload?: string
  /** The flow's name. @default 'test' */
  readonly flow?: string
  /** @default 1 */
  readonly seed?: number
  /** The worker it runs in, and how many there are. @default the only one */
  readonly worker?: { readonly index: number; readonly total: number }
  /** What requests carry to the target, such as `testTrace`. @default nothing */
  readonly trace?: RequestTrace
  /** What relative paths in options start from. @default the working directory */
  readonly folder?: string
  /** Tells the driver to stop. */
  readonly signal?: AbortSignal
  /** What the flows of one worker share: `first.shares` puts a second flow into the worker of the first. */
  readonly shares?: Shares
  /** Called with the function that closes the flow. @default vitest's `onTestFinished` */
  readonly atEnd?: (close: () => Promise<void>) => void
}

/** A flow of a driver in a worker: its connections, its tasks, and what it counts. */
export interface Flow extends Omit<Recorded, 'tally'> {
  readonly bytes: Readonly<ByteCount>
  readonly warnings: readonly string[]
  readonly shares: Shares
  /** Connections to the target, counted as the host counts them. */
  readonly sockets: SocketCounts
  /** Opens a connection. It closes with the flow, unless the test closes it first. */
  open(index?: number, total?: number): Promise<Connection>
  /**
   * Sends one request, and waits for its answer; rejects with the error that the driver fails it with or, once the
   * connection is lost, with the driver's reason.
   */
  send(connection: Connection, index?: number): Promise<Outcome>
  /** Sends that many requests, at most one per stream of the connection at a time. */
  sendAll(connection: Connection, count: number): Promise<readonly Outcome[]>
  /** Resolves with the driver's reason when it says that the connection is dead. */
  lost(connection: Connection): Promise<unknown>
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
  /** Reads the server's counters once. */
  observe(): Promise<Readonly<Record<string, number>>>
  /** How often each outcome occurs, such as `{ 'get hit': 90 }`; without the operation if that is the workload itself. */
  countOf(outcomes: readonly Outcome[]): Record<string, number>
  /** What the worker would report: everything counted since the last call, `bytes` included. */
  drain(): ReturnType<Tally['drain']>
  /** Closes everything that is open. Called at the end of the test; safe to call again. */
  close(): Promise<void>
}

/**
 * Opens a flow as a worker does, in the process of the test. If the schema refuses the options, the first call rejects.
 * The flow closes at the end of the test.
 */
export function openFlow(
  driver: Driver,
  target: string,
  options: GivenOptions = {},
  given: FlowOptions = {},
): Flow {
  const { flow = 'test', seed = 1, shares = new Shares(), atEnd = onTestFinished } = given
  const { worker = { index: 0, total: 1 }, folder = process.cwd() } = given
  const { signal = new AbortController().signal } = given
  const workload = workloadOf(driver, given.workload)
  const tally = new Tally(workload.name)
  const { tally: recording, ...recorded } = record(tally)
  const warnings: string[] = []
  const log = { debug: () => {}, info: () => {}, warn: (line: string) => void warnings.push(line) }
  const own = { driverName: driver.name, workload, target, flow, seed, worker, folder, signal, log, shares }
  const sockets = countSockets()
  let making: Promise<FlowHooks> | undefined
  const hooks = (): Promise<FlowHooks> =>
    (making ??= parse(driver, options, workload.name).then((parsed: unknown) =>
      createFlowHooks({ ...own, options: parsed, tally: recording, sockets, trace: given.trace }),
    ))
  const links = new Map<Connection, Link>()
  const linkOf = (connection: Connection): Link => {
    const link = links.get(connection)
    if (link) return link
    throw new Error('the connection belongs to another flow: send with the flow that opened it')
  }
  let closing: Promise<void> | undefined
  const close = (): Promise<void> => (closing ??= closeAll(links.values()).finally(() => shares.close()))
  atEnd(close)
  return {
    ...recorded,
    bytes: tally.bytes,
    warnings,
    shares,
    sockets: sockets.counts,
    async open(index = 0, total = 1) {
      const link = await openLink(await hooks(), { index, total }, { tally, sockets }, flowSalt(seed, flow))
      links.set(link.connection, link)
      return link.connection
    },
    send: async (connection, index = 0) => linkOf(connection).sender.send(index),
    sendAll: async (connection, count) => linkOf(connection).sender.sendAll(count),
    lost: async (connection) => linkOf(connection).lost,
    prepare: async () => (await hooks()).prepare(),
    audit: async () => (await hooks()).audit(),
    cleanup: async () => (await hooks()).cleanup(),
    observe: async () => readOnce(await hooks(), workload.name),
    countOf: (outcomes) => countOf(outcomes, workload.name),
    drain: () => tally.drain(),
    close,
  }
}

async function readOnce(hooks: FlowHooks, workload: string): Promise<Readonly<Record<string, number>>> {
  const observer = await hooks.observe()
  if (!observer) throw new Error(`the workload "${workload}" has no observe`)
  try {
    return await observer.read()
  } finally {
    await observer.close()
  }
}

function countOf(outcomes: readonly Outcome[], workload: string): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { operation, name } of outcomes) {
    const key = operation === workload ? name : `${operation} ${name}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
