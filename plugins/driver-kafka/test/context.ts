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
import { onTestFinished } from 'vitest'
import driver from '../src/index.ts'

type WorkloadName = 'produce' | 'consume' | 'roundtrip'

/** A flow of the driver, as a worker has it: connections that share, and tasks. */
export interface TestFlow {
  readonly bytes: ByteCount
  readonly counters: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
  /** Opens a connection that closes with the test. */
  open(index?: number, total?: number): Promise<Connection>
  prepare(): Promise<Facts>
  audit(): Promise<readonly AuditResult[]>
  cleanup(): Promise<void>
}

/** Parses options as the host does: throws what the schema says, joined. */
export function parse(options: unknown, workload: WorkloadName = 'produce'): Record<string, unknown> {
  const result = (driver.workloads![workload]!.options as Schema)['~standard'].validate(options)
  if (result instanceof Promise) throw new TypeError('the schema answers at once')
  if (!result.issues) return result.value as Record<string, unknown>
  throw new Error(
    result.issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  )
}

export function flow(
  target: string,
  options: Record<string, unknown> = {},
  workload: WorkloadName = 'produce',
): TestFlow {
  const { connect, prepare, audit, cleanup } = driver.workloads![workload]!
  const interned = new Map<string, Outcome>()
  const shared = new Map<string, Promise<Shareable>>()
  const warnings: string[] = []
  const counters: Record<string, number> = {}
  const bytes = { sent: 0, received: 0 }
  const context = (index: number, total: number): DriverContext => ({
    options: parse(options, workload),
    target,
    workload,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
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
    recorder: () => ({ record: () => {} }),
    bytes,
  })
  const task = context(0, 1)
  return {
    bytes,
    counters,
    warnings,
    async open(index = 0, total = 1) {
      const connection = await connect!(context(index, total))
      onTestFinished(() => connection.close())
      return connection
    },
    prepare: async () => (await prepare!(task)) ?? {},
    audit: async () => await audit!(task),
    cleanup: async () => await cleanup!(task),
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
  return { index, traceparent, random: () => 0.5, done, fail }
}

/** How often each outcome occurs, such as `{ stored: 90, MESSAGE_TOO_LARGE: 10 }`. */
export function countOf(outcomes: readonly Outcome[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { name } of outcomes) counts[name] = (counts[name] ?? 0) + 1
  return counts
}
