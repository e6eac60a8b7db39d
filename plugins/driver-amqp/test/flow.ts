import type {
  AuditResult,
  ByteCount,
  Connection,
  DriverContext,
  Facts,
  Outcome,
  Schema,
  Shareable,
  Slot,
} from '@cloudbench/core'
import driver from '../src/index.ts'

export type WorkloadName = 'send-receive' | 'send' | 'receive'

/** A flow of the driver, as a worker has it: connections and tasks. */
export interface TestFlow {
  readonly bytes: ByteCount
  readonly warnings: readonly string[]
  readonly counters: Readonly<Record<string, number>>
  /** Nanoseconds, by the recorder's name. */
  readonly recorded: Readonly<Record<string, readonly number[]>>
  /** Opens a connection, to be closed at the end. */
  open(index?: number, total?: number): Promise<Connection>
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
}

export interface FlowOptions {
  readonly workload?: WorkloadName
  readonly worker?: { readonly index: number; readonly total: number }
  readonly flow?: string
}

/** Parses options as the host does: throws what the schema says, joined. */
export function parse(workload: WorkloadName, options: unknown): Record<string, unknown> {
  const result = (driver.workloads![workload]!.options as Schema)['~standard'].validate(options)
  if (result instanceof Promise) throw new TypeError('the schema answers at once')
  if (!result.issues) return result.value as Record<string, unknown>
  throw new Error(
    result.issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  )
}

/** `atEnd` is given what closes each connection. */
export function createFlow(
  target: string,
  options: Record<string, unknown>,
  { workload = 'send-receive', worker = { index: 0, total: 1 }, flow = 'test' }: FlowOptions,
  atEnd: (close: () => void | Promise<void>) => void,
): TestFlow {
  const implementation = driver.workloads![workload]!
  const interned = new Map<string, Outcome>()
  const shared = new Map<string, Promise<Shareable>>()
  const warnings: string[] = []
  const counters: Record<string, number> = {}
  const recorded: Record<string, number[]> = {}
  const bytes = { sent: 0, received: 0 }
  const context = (index: number, total: number): DriverContext => ({
    options: parse(workload, options),
    target,
    workload,
    flow,
    seed: 1,
    worker,
    connection: { index, total },
    signal: new AbortController().signal,
    log: { debug: () => {}, info: () => {}, warn: (message) => warnings.push(message) },
    share: <T extends Shareable>(key: string, create: () => T | Promise<T>): Promise<T> => {
      const known = shared.get(key) ?? Promise.resolve(create())
      shared.set(key, known)
      return known as Promise<T>
    },
    outcome: (name, { operation = workload, ok = true } = {}) => {
      const key = `${operation}/${name}`
      const known = interned.get(key) ?? { name, ok, operation }
      interned.set(key, known)
      return known
    },
    counter: (name) => ({
      add: (amount) => {
        counters[name] = (counters[name] ?? 0) + amount
      },
    }),
    recorder: (name) => {
      const values = (recorded[name] ??= [])
      return { record: (valueNs) => void values.push(valueNs) }
    },
    bytes,
  })
  const task = context(0, 1)
  return {
    bytes,
    warnings,
    counters,
    recorded,
    async open(index = 0, total = 1) {
      const connection = await implementation.connect!(context(index, total))
      atEnd(() => connection.close())
      return connection
    },
    prepare: async () => (await implementation.prepare!(task)) ?? {},
    audit: async () => await implementation.audit!(task),
    cleanup: async () => await implementation.cleanup!(task),
  }
}

/** Sends one request and waits for its answer; rejects with what the driver calls the failure. */
export function send(connection: Connection, index = 0, traceparent?: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const slot: Slot = { index, traceparent, random: () => 0.5, done: resolve, fail: reject }
    connection.issue!(slot)
  })
}

/** So many requests, at most as many at once as the connection takes. */
export async function sendAll(connection: Connection, count: number): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = []
  let next = 0
  await Promise.all(
    Array.from({ length: connection.streams ?? 1 }, async () => {
      while (next < count) outcomes.push(await send(connection, next++))
    }),
  )
  return outcomes
}

/** How often each outcome occurs, such as `{ accepted: 90 }`. */
export function countOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name } of outcomes) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
