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

export type WorkloadName = 'read' | 'write-heavy' | 'mixed'

/** A flow of the driver, as a worker has it: connections that share, and tasks. */
export interface TestFlow {
  readonly bytes: ByteCount
  readonly warnings: readonly string[]
  readonly counters: Readonly<Record<string, number>>
  /** Opens a connection, to be closed at the end. */
  open(index?: number, total?: number): Promise<Connection>
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
  observe(): Promise<Readonly<Record<string, number>>>
  /** As the host does when the last connection has closed. */
  release(): Promise<void>
}

/** Parses options as the host does: throws what the schema says, joined. */
export function parse(workload: WorkloadName, options: unknown): Record<string, unknown> {
  const schema = driver.workloads![workload]!.options as Schema
  const result = schema['~standard'].validate(options)
  if (result instanceof Promise) throw new TypeError('the schema answers at once')
  if (!result.issues) return result.value as Record<string, unknown>
  throw new Error(
    result.issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  )
}

/** `atEnd` is given what closes each connection. */
export function createFlow(
  name: WorkloadName,
  target: string,
  options: Record<string, unknown>,
  atEnd: (close: () => void | Promise<void>) => void,
): TestFlow {
  const workload = { ...driver, ...driver.workloads![name]! }
  const interned = new Map<string, Outcome>()
  const shared = new Map<string, Promise<Shareable>>()
  const warnings: string[] = []
  const counters: Record<string, number> = {}
  const bytes = { sent: 0, received: 0 }
  const context = (index: number, total: number): DriverContext => ({
    options: parse(name, options),
    target,
    workload: name,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    connection: { index, total },
    signal: new AbortController().signal,
    log: { debug: () => {}, info: () => {}, warn: (message) => warnings.push(message) },
    share: <T extends Shareable>(key: string, create: () => T | Promise<T>): Promise<T> => {
      const known = shared.get(key) ?? Promise.resolve(create())
      shared.set(key, known)
      // as the host does: what could not be made is tried again
      known.catch(() => shared.delete(key))
      return known as Promise<T>
    },
    outcome: (outcome, { operation = name, ok = true } = {}) => {
      const key = `${operation}/${outcome}`
      const known = interned.get(key) ?? { name: outcome, ok, operation }
      interned.set(key, known)
      return known
    },
    counter(counter) {
      return { add: (amount) => (counters[counter] = (counters[counter] ?? 0) + amount) }
    },
    recorder: () => ({ record: () => {} }),
    bytes,
  })
  const task = context(0, 1)
  return {
    bytes,
    warnings,
    counters,
    async open(index = 0, total = 1) {
      const connection = await workload.connect!(context(index, total))
      atEnd(() => connection.close())
      return connection
    },
    prepare: async () => (await workload.prepare!(task)) ?? {},
    audit: async () => await workload.audit!(task),
    cleanup: async () => await workload.cleanup!(task),
    async observe() {
      const observer = await workload.observe!(task)
      try {
        return await observer.read()
      } finally {
        await observer.close()
      }
    },
    async release() {
      for (const resource of shared.values()) await (await resource).close()
    },
  }
}

/** Sends one request and waits for its answer; rejects with what the driver calls the failure. */
export function send(connection: Connection, index = 0, traceparent?: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    connection.issue!(slotOf(index, traceparent, resolve, reject))
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

function slotOf(
  index: number,
  traceparent: string | undefined,
  done: (outcome: Outcome) => void,
  fail: (error: unknown) => void,
): Slot {
  let draws = 0
  return { index, traceparent, random: () => uniform(index, draws++), done, fail }
}

/** Depends on arrival and draw, as the host's numbers do. */
export function uniform(index: number, draw: number): number {
  let hash = Math.imul(index + 1, 0xc2b2_ae35) ^ Math.imul(draw + 1, 0x27d4_eb2f)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 4_294_967_296
}

/** How often each outcome occurs, such as `{ 'select row': 90 }`. */
export function countOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { operation, name } of outcomes) {
    const key = `${operation} ${name}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return counts
}
