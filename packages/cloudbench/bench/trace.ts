import { openBare } from '@cloudbench/fixtures/bench/bare-driver'
import { startLoopback } from '@cloudbench/fixtures/bench/loopback'
import { benchHeader, printCells, roundsAsked } from '@cloudbench/fixtures/bench/row'
import type { Sender } from '@cloudbench/fixtures/bench/send-for'
import { RequestIds } from '../../core/src/load/request-ids.ts'

// CPU of a driver per request with a trace context and without one, against the driver's own server in another process:
//   node --conditions=@cloudbench/source bench/trace.ts [driver] …
// Both take turns, in one process, in slices so short that whatever else the machine does meets both alike.

const sliceMs = 250
const slicesPerRound = 8

interface Load {
  readonly driver: string
  readonly workload: string
  readonly clients: readonly string[]
  readonly connections: number
  readonly options?: Readonly<Record<string, unknown>>
}

const loads: readonly Load[] = [
  { driver: 'http', workload: 'request', clients: ['wire', 'undici'], connections: 20 },
  { driver: 'grpc', workload: 'unary', clients: ['wire', 'grpc-js'], connections: 20 },
  { driver: 'kafka', workload: 'produce', clients: ['wire', 'kafkajs', 'platformatic'], connections: 2 },
  {
    driver: 'amqp',
    workload: 'send',
    clients: ['wire', 'rhea'],
    connections: 10,
    options: { pipelining: 10 },
  },
  {
    driver: 'postgres',
    workload: 'read',
    clients: ['wire', 'pg', 'postgres.js'],
    connections: 8,
    options: { rows: 1_000 },
  },
  { driver: 'redis', workload: 'read-heavy', clients: ['wire'], connections: 20, options: { keys: 1_000 } },
]

/** CPU of this process for each of the requests of a slice, in microseconds. */
async function slice(senders: readonly Sender[]): Promise<number> {
  let sent = 0
  const untilMs = performance.now() + sliceMs
  const before = process.cpuUsage()
  await new Promise<void>((resolve) => {
    let busy = senders.length
    for (const send of senders) {
      const fire = (): void => {
        if (performance.now() >= untilMs) {
          if (--busy === 0) resolve()
          return
        }
        sent++
        send(fire)
      }
      fire()
    }
  })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / sent
}

/** Of the quietest fourth, the highest: other work on the machine only ever adds. */
function quiet(costs: readonly number[]): number {
  return costs.toSorted((a, b) => a - b)[Math.floor(costs.length / 4)]!
}

const wanted = process.argv.slice(2).filter((name) => loads.some(({ driver }) => driver === name))
const trace = new RequestIds('20261127-091500-1f3a', 'bench', 'main', 0.01)

benchHeader()
for (const { driver, clients, options, ...load } of loads) {
  if (wanted.length > 0 && !wanted.includes(driver)) continue
  const module = new URL(`../../../plugins/driver-${driver}/src/index.ts`, import.meta.url)
  const server = await startLoopback(module)
  for (const client of clients) {
    const given = { ...load, driver: module.href, url: server.url, options: { client, ...options } }
    const plain = await openBare(given)
    const traced = await openBare(given, trace)
    const costs = { plain: [] as number[], traced: [] as number[] }
    for (let round = 0; round < roundsAsked() * slicesPerRound; round++) {
      costs.plain.push(await slice(plain.senders))
      costs.traced.push(await slice(traced.senders))
    }
    const [own, other] = [quiet(costs.traced), quiet(costs.plain)]
    printCells([
      `${driver}, ${client}, traced`,
      `${own.toFixed(2)} µs`,
      'not traced',
      `${other.toFixed(2)} µs`,
      (own / other).toFixed(2),
      '',
      '',
    ])
    await plain.close()
    await traced.close()
  }
  await server.end()
}
