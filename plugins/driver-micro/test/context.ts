import type { Connection, DriverContext, Outcome, Schema, Slot } from '@cloudbench/core'
import driver from '../src/index.ts'

/** A connection opened for a test, and what it has counted. */
export interface Tested {
  readonly connection: Connection
  readonly counters: Readonly<Record<string, number>>
  /** Nanoseconds, by the name of the recorder. */
  readonly recorded: Readonly<Record<string, readonly number[]>>
}

/** Parses options as the host does: throws what the schema says, joined. */
export function parse(workload: string, options: unknown): Record<string, unknown> {
  const result = (driver.workloads![workload]!.options as Schema)['~standard'].validate(options)
  if (result instanceof Promise) throw new TypeError('the schema answers at once')
  if (!result.issues) return result.value as Record<string, unknown>
  throw new Error(
    result.issues.map(({ path = [], message }) => `${path.map(String).join('.')}: ${message}`).join('; '),
  )
}

/** Opens a connection with a context of its own. */
export async function open(
  workload: string,
  options: Record<string, unknown> = {},
  target = 'micro:',
): Promise<Tested> {
  const interned = new Map<string, Outcome>()
  const counters: Record<string, number> = {}
  const recorded: Record<string, number[]> = {}
  const context: DriverContext = {
    options: parse(workload, options),
    target,
    workload,
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    connection: { index: 0, total: 1 },
    signal: new AbortController().signal,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    share: async (_key, create) => await create(),
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
    bytes: { sent: 0, received: 0 },
  }
  return { connection: await driver.workloads![workload]!.connect!(context), counters, recorded }
}

/** Runs one batch and waits until it ends; rejects when the driver fails the request. */
export function send({ connection }: Tested): Promise<Outcome> {
  return new Promise((done, fail) => {
    const slot: Slot = { index: 0, traceparent: undefined, random: () => 0, done, fail }
    connection.issue!(slot)
  })
}
