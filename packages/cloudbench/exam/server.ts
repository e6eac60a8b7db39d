import { createServer } from 'node:http'
import type { LoopbackOptions } from '@cloudbench/core'
import { importPlugin, resolvePlugin } from '@cloudbench/core/program'
import { listenOnLoopback } from '@cloudbench/driver-kit/loopback'
import { openWay, type Fault } from './fault.ts'
import { keepLedger, type Ledger, type Service } from './ledger/ledger.ts'

// a server of known behaviour in its own process: `server.ts arrivals`, which answers at once and reports what arrived when,
// `server.ts ledger <service as JSON>`, which also reports what each request takes and when it was answered, or `server.ts <driver> <options as JSON> [fault]`, which reports what it has seen, and with a fault takes its connections
// by way of a proxy. It exits when its channel closes.

/** What a server is asked, and what it answers. */
export interface Asked {
  readonly arrivals: readonly Arrival[]
  readonly ledger: Ledger
  /** The target is prepared: what was seen until now does not count. */
  readonly forget: undefined
  /** The load begins, and soon the fault. */
  readonly begin: undefined
  /** What it has seen so far. */
  readonly counts: Counts
}

export interface Arrival {
  /** On the server's clock. */
  readonly atMs: number
  readonly path: string
}

export interface Counts {
  readonly requests: number
  readonly answers: number
  readonly accepted: number
}

type Answers = { readonly [Question in keyof Asked]?: () => Asked[Question] | void }

process.on('disconnect', () => process.exit(0))

const [kind = '', options = '{}', fault] = process.argv.slice(2)
const { url, ...answers } = await start()
process.on('message', (asked: keyof Asked) => process.send!((answers as Answers)[asked]!() ?? null))
process.send!(url)

function start(): Promise<Answers & { readonly url: string }> {
  if (kind === 'arrivals') return recordArrivals()
  return kind === 'ledger' ? keepLedger(JSON.parse(options) as Service) : loopback(kind)
}

async function loopback(driver: string): Promise<Answers & { readonly url: string }> {
  const plugin = await importPlugin(resolvePlugin(driver, 'driver', { from: import.meta.url }), 'driver')
  const given = JSON.parse(options) as LoopbackOptions
  if (fault === undefined) return { url: (await plugin.loopback!(given)).target }
  const { proxy, begin } = await openWay(fault as Fault)
  const server = await plugin.loopback!({ ...given, advertisedPort: proxy.port })
  let before = { requests: 0, answers: 0 }
  return {
    url: proxy.leadTo(server.target)!,
    forget() {
      proxy.forget()
      before = { ...server.counts! }
    },
    begin: () => begin(() => server.counts!.answers),
    counts: () => ({
      requests: server.counts!.requests - before.requests,
      answers: server.counts!.answers - before.answers,
      accepted: proxy.accepted,
    }),
  }
}

async function recordArrivals(): Promise<Answers & { readonly url: string }> {
  const arrivals: Arrival[] = []
  const server = createServer((request, response) => {
    arrivals.push({ atMs: performance.now(), path: request.url! })
    request.resume()
    response.setHeader('content-type', 'application/json').end('{}')
  })
  return { url: `http://127.0.0.1:${await listenOnLoopback(server)}`, arrivals: () => arrivals }
}
