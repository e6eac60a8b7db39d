import type {
  AuditResult,
  ByteCount,
  Connection,
  DriverContext,
  Facts,
  Outcome,
  Schema,
  Shareable,
} from '@cloudbench/core'
import driver from '../src/index.ts'

export type WorkloadName = 'produce' | 'consume' | 'roundtrip'

/** A flow of the driver, as a worker has it: connections that share, and tasks. */
export interface TestFlow {
  readonly bytes: ByteCount
  readonly counters: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
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

/** @param onOpen Takes what closes a connection that was opened. */
export function createFlow(
  target: string,
  options: Record<string, unknown>,
  workload: WorkloadName,
  onOpen: (close: () => void | Promise<void>) => void,
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
      onOpen(() => connection.close())
      return connection
    },
    prepare: async () => (await prepare!(task)) ?? {},
    audit: async () => await audit!(task),
    cleanup: async () => await cleanup!(task),
  }
}
