import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childCpu } from '@cloudbench/fixtures/bench/child-cpu'
import { compare, requestsOr } from '@cloudbench/fixtures/bench/compare'
import { driverCpu } from '@cloudbench/fixtures/bench/driver-cpu'
import { startLoopback } from '@cloudbench/fixtures/bench/loopback'
import { awaiting, ownCpu, stop, type Sender } from '@cloudbench/fixtures/bench/own-cpu'
import { Client, type Dispatcher } from 'undici'
import driver from '../src/index.ts'

// CPU per request of this driver, of undici alone, and of other load generators, against the loopback server in another
// process:
//   node --conditions=@cloudbench/source bench/issue.ts

const requests = requestsOr(20_000)

interface Shape {
  readonly connections: number
  readonly pipelining: number
  readonly method: 'GET' | 'POST'
}

const shapes: Readonly<Record<string, Shape>> = {
  'GET, 1 connection': { connections: 1, pipelining: 1, method: 'GET' },
  'GET, 10 connections': { connections: 10, pipelining: 1, method: 'GET' },
  'GET, 50 connections': { connections: 50, pipelining: 1, method: 'GET' },
  'POST with a UUID, 10 connections': { connections: 10, pipelining: 1, method: 'POST' },
  'POST with a UUID, 50 connections': { connections: 50, pipelining: 1, method: 'POST' },
  'GET, 10 connections, pipelining 10': { connections: 10, pipelining: 10, method: 'GET' },
}

/** CPU of undici's client, used in one way. */
async function undiciCpu(shape: Shape, senderOf: (client: Client, shape: Shape) => Sender): Promise<number> {
  const { connections, pipelining } = shape
  const clients = Array.from({ length: connections }, () => new Client(server.url, { pipelining }))
  const senders = clients.map((client) => senderOf(client, shape))
  const us = await ownCpu(senders, requests, pipelining)
  await Promise.all(clients.map((client) => client.close()))
  return us
}

function dispatching(client: Client, shape: Shape): Sender {
  return (done) => {
    client.dispatch(requestOf(shape), {
      onRequestStart: () => {},
      onResponseStart: () => {},
      onResponseData: () => {},
      onResponseEnd: done,
      onResponseError: (_controller, error) => stop(error),
    })
  }
}

function requesting(client: Client, shape: Shape): Sender {
  return awaiting(async () => {
    const { body } = await client.request(requestOf(shape))
    await body.dump()
  })
}

function requestOf({ method, pipelining }: Shape): Dispatcher.RequestOptions {
  const blocking = pipelining === 1
  if (method === 'GET') return { method, path: '/', headers: [], blocking }
  const body = Buffer.from(JSON.stringify({ id: crypto.randomUUID() }))
  return { method, path: '/v1/data', headers: ['content-type', 'application/json'], body, blocking }
}

const folder = mkdtempSync(join(tmpdir(), 'cloudbench-bench-'))
const k6Script = join(folder, 'k6.js')
writeFileSync(k6Script, "import http from 'k6/http'\nexport default () => http.get(__ENV.TARGET)\n")
const server = await startLoopback(new URL('../src/index.ts', import.meta.url))
const post = { method: 'POST', path: '/v1/data', body: { id: '${uuid}' } }
for (const [name, shape] of Object.entries(shapes)) {
  const { connections, pipelining, method } = shape
  const options = { pipelining, ...(method === 'POST' && post) }
  const k6Args = [`--env=TARGET=${server.url}`, `--vus=${connections}`, '--duration=2s', k6Script]
  // two seconds of load each. Only GET: POST would take a script each
  const peers = {
    wrk: () => childCpu('wrk', ['-t', 1, '-c', connections, '-d', '2s', server.url], /(\d+) requests in/),
    autocannon: () =>
      childCpu(
        'autocannon',
        ['--json', '--connections', connections, '--duration', 2, server.url],
        /"2xx":(\d+)/,
      ),
    k6: () =>
      childCpu(
        'k6',
        ['run', '--quiet', '--summary-export=/dev/stdout', ...k6Args],
        /"http_reqs": \{\s*"count": (\d+)/,
      ),
  }
  await compare(name, {
    driver: () => driverCpu(driver, server.url, { workload: 'request', options, connections, requests }),
    dispatch: () => undiciCpu(shape, dispatching),
    request: () => undiciCpu(shape, requesting),
    ...(method === 'GET' && pipelining === 1 && peers),
  })
}
await server.end()
rmSync(folder, { recursive: true, force: true })
