import type { ByteCount, Connection, DriverContext, Outcome, Schema, Shareable } from '@cloudbench/core'
import driver from '../src/index.ts'

type WorkloadName = 'unary' | 'stream' | 'json'

/** What a connection that was opened for a test has counted. */
export interface Tested {
  readonly connection: Connection
  readonly context: DriverContext
  readonly bytes: ByteCount
  readonly counters: Readonly<Record<string, number>>
  /** Names of all interned outcomes. */
  readonly outcomes: readonly string[]
  readonly warnings: readonly string[]
}

export interface ConnectOptions {
  readonly workload?: WorkloadName
  readonly signal?: AbortSignal
}

/** Parses options as the host does: throws what the schema says, joined. */
export function parse(workload: WorkloadName, options: unknown): unknown {
  const schema = driver.workloads![workload]!.options as Schema
  const result = schema['~standard'].validate(options)
  if (result instanceof Promise) throw new TypeError('the schema answers at once')
  if (!result.issues) return result.value
  throw new Error(
    result.issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  )
}

/** Opens a connection with a context of its own. */
export async function open(
  target: string,
  options: Record<string, unknown> = {},
  { workload = 'unary', signal = new AbortController().signal }: ConnectOptions = {},
): Promise<Tested> {
  const interned = new Map<string, Outcome>()
  const shared = new Map<string, Promise<Shareable>>()
  const counters: Record<string, number> = {}
  const warnings: string[] = []
  const bytes = { sent: 0, received: 0 }
  const context: DriverContext = {
    options: parse(workload, options),
    target,
    workload,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    connection: { index: 0, total: 1 },
    signal,
    log: { debug: () => {}, info: () => {}, warn: (message) => warnings.push(message) },
    share: <T extends Shareable>(key: string, create: () => T | Promise<T>): Promise<T> => {
      const known = shared.get(key) ?? Promise.resolve(create())
      shared.set(key, known)
      return known as Promise<T>
    },
    outcome: (name, { operation = workload, ok = true } = {}) => {
      const known = interned.get(name)
      if (known) return known
      const outcome = { name, ok, operation }
      interned.set(name, outcome)
      return outcome
    },
    counter: (name) => ({
      add: (amount) => {
        counters[name] = (counters[name] ?? 0) + amount
      },
    }),
    recorder: () => ({ record: () => {} }),
    bytes,
  }
  const connection = await driver.workloads![workload]!.connect!(context)
  return {
    connection,
    context,
    bytes,
    counters,
    warnings,
    get outcomes() {
      return [...interned.keys()]
    },
  }
}
