import { startLoopback } from '@cloudbench/fixtures/bench/loopback'
import { ownWay, type OwnLoad } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'

// CPU per request of each driver and client with a trace context and without one, in all processes of a run, against the
// driver's own server in another process: `node --conditions=@cloudbench/source bench/trace.ts [driver] …`.

interface Load extends Pick<OwnLoad, 'workload' | 'options' | 'connections'> {
  readonly driver: string
  readonly clients: readonly string[]
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

const wanted = process.argv.slice(2).filter((name) => loads.some(({ driver }) => driver === name))

benchHeader()
for (const { driver, clients, options, ...load } of loads) {
  if (wanted.length > 0 && !wanted.includes(driver)) continue
  const module = new URL(`../../../plugins/driver-${driver}/src/index.ts`, import.meta.url)
  const server = await startLoopback(module)
  for (const client of clients) {
    const way = (scenario: OwnLoad['scenario']): Way =>
      ownWay({ ...load, driver, url: server.url, options: { client, ...options }, scenario: scenario! })
    await benchRow({
      name: `${driver}, ${client}, traced`,
      own: way({ trace: '1/100' }),
      others: {
        'kept, and not told': { way: way({ trace: { ratio: '1/100', propagate: false } }) },
        'without a trace context': { way: way({}) },
      },
    })
  }
  await server.end()
}
