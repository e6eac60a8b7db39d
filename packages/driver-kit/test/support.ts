import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { DriverContext, Outcome, Shareable } from '@cloudbench/core'
import { pemOf } from '@cloudbench/fixtures/certificates'
import { listening } from '@cloudbench/fixtures/tcp-server'

/** Waits until something is so; the test's own time limit ends it otherwise. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** A TCP server, with TLS or without, and the far ends of its connections. */
export async function peers(isTls = false): Promise<{ readonly port: number; next(): Promise<Socket> }> {
  const waiting: Socket[] = []
  const server = isTls
    ? createTlsServer({ cert: pemOf('server.pem'), key: pemOf('server.key') })
    : createServer()
  server.on(isTls ? 'secureConnection' : 'connection', (socket: Socket) => {
    socket.on('error', () => {})
    waiting.push(socket)
  })
  const { port } = await listening(server)
  return {
    port,
    async next() {
      await until(() => waiting.length > 0)
      return waiting.shift()!
    },
  }
}

/** Collects what comes, read by read. */
export function readsOf(socket: Socket): string[] {
  const reads: string[] = []
  socket.on('data', (data: Buffer) => reads.push(data.toString('latin1')))
  return reads
}

/** A context with an outcome for every name, shares that stay, and counters that can be read. */
export function contextOf<Options>(options: Options): DriverContext<Options> & {
  readonly counters: Readonly<Record<string, number>>
  readonly warnings: readonly string[]
} {
  const shared = new Map<string, Promise<Shareable>>()
  const outcomes = new Map<string, Outcome>()
  const counters: Record<string, number> = {}
  const warnings: string[] = []
  return {
    options,
    counters,
    warnings,
    target: '',
    workload: 'test',
    flow: 'test',
    seed: 1,
    worker: { index: 0, total: 1 },
    folder: process.cwd(),
    connection: { index: 0, total: 1 },
    signal: new AbortController().signal,
    log: { debug() {}, info() {}, warn: (message) => void warnings.push(message) },
    bytes: { sent: 0, received: 0 },
    async share<T extends Shareable>(key: string, create: () => T | Promise<T>) {
      if (!shared.has(key)) shared.set(key, Promise.resolve(create()))
      return (await shared.get(key)) as T
    },
    outcome(name, { ok = true, operation = 'test' } = {}) {
      if (!outcomes.has(name)) outcomes.set(name, { name, ok, operation })
      return outcomes.get(name)!
    },
    counter: (name) => ({
      add(amount) {
        counters[name] = (counters[name] ?? 0) + amount
      },
    }),
    recorder: () => ({ record() {} }),
    sockets: { opened() {}, closed() {} },
    lost() {},
  }
}
