import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { childCpu } from '@cloudbench/fixtures/child-cpu'
import { Client, type Dispatcher } from 'undici'
import { requestFlow } from '../test/fixtures/flow.ts'

// CPU per request of this driver and of undici alone, against the loopback server in another process:
//   node --conditions=@cloudbench/source bench/issue.ts
// The ways alternate, and the lowest round counts, because other work on the machine only ever adds.

const requestsPerRound = Number(process.argv[2] ?? 20_000)
const rounds = 5

interface Shape {
  readonly name: string
  readonly connections: number
  readonly pipelining: number
  readonly method: 'GET' | 'POST'
}

const shapes: readonly Shape[] = [
  { name: 'GET, 1 connection', connections: 1, pipelining: 1, method: 'GET' },
  { name: 'GET, 10 connections', connections: 10, pipelining: 1, method: 'GET' },
  { name: 'GET, 50 connections', connections: 50, pipelining: 1, method: 'GET' },
  { name: 'POST with a UUID, 10 connections', connections: 10, pipelining: 1, method: 'POST' },
  { name: 'POST with a UUID, 50 connections', connections: 50, pipelining: 1, method: 'POST' },
  { name: 'GET, 10 connections, pipelining 10', connections: 10, pipelining: 10, method: 'GET' },
]

/** A way to send requests. */
interface Way {
  /** One per connection; calls back when the request is answered. */
  readonly senders: readonly ((done: () => void) => void)[]
  close(): Promise<unknown>
}

async function issue(target: string, { connections, method, pipelining }: Shape): Promise<Way> {
  const post = { method: 'POST', path: '/v1/data', body: { id: '${uuid}' } }
  const options = { pipelining, ...(method === 'POST' && post) }
  const flow = requestFlow(target, options, { atEnd: () => {} })
  const opened = await Promise.all(Array.from({ length: connections }, (_, at) => flow.open(at, connections)))
  let index = 0
  return {
    senders: opened.map((connection) => (done) => {
      connection.issue!({ index: index++, traceparent: undefined, random: Math.random, done, fail: stop })
    }),
    close: () => flow.close(),
  }
}

async function dispatch(target: string, shape: Shape): Promise<Way> {
  const clients = clientsOf(target, shape)
  return {
    senders: clients.map((client) => (done) => {
      client.dispatch(requestOf(shape), {
        onRequestStart: () => {},
        onResponseStart: () => {},
        onResponseData: () => {},
        onResponseEnd: done,
        onResponseError: (_controller, error) => stop(error),
      })
    }),
    close: () => Promise.all(clients.map((client) => client.close())),
  }
}

async function request(target: string, shape: Shape): Promise<Way> {
  const clients = clientsOf(target, shape)
  const ask = async (client: Client, done: () => void): Promise<void> => {
    const { body } = await client.request(requestOf(shape))
    await body.dump()
    done()
  }
  return {
    senders: clients.map((client) => (done) => {
      ask(client, done).catch(stop)
    }),
    close: () => Promise.all(clients.map((client) => client.close())),
  }
}

function clientsOf(target: string, { connections, pipelining }: Shape): Client[] {
  return Array.from({ length: connections }, () => new Client(target, { pipelining }))
}

function requestOf({ method, pipelining }: Shape): Dispatcher.RequestOptions {
  const blocking = pipelining === 1
  if (method === 'GET') return { method, path: '/', headers: [], blocking }
  const body = Buffer.from(JSON.stringify({ id: crypto.randomUUID() }))
  return { method, path: '/v1/data', headers: ['content-type', 'application/json'], body, blocking }
}

function stop(error: unknown): never {
  throw error
}

/** CPU microseconds per request of this process. */
async function measure({ senders }: Way, inFlight: number): Promise<number> {
  const before = process.cpuUsage()
  await new Promise<void>((resolve) => {
    let left = requestsPerRound
    let busy = senders.length * inFlight
    for (const send of senders) {
      const fire = (): void => {
        if (left-- > 0) send(fire)
        else if (--busy === 0) resolve()
      }
      for (let stream = 0; stream < inFlight; stream++) fire()
    }
  })
  const { user, system } = process.cpuUsage(before)
  return (user + system) / requestsPerRound
}

const folder = mkdtempSync(join(tmpdir(), 'cloudbench-bench-'))
const k6Script = join(folder, 'k6.js')
writeFileSync(k6Script, "import http from 'k6/http'\nexport default () => http.get(__ENV.TARGET)\n")

/** Other load generators, with what they print after two seconds of load. Only GET: POST would take a script each. */
const peers: Readonly<
  Record<string, { args(connections: string, target: string): readonly string[]; requests: RegExp }>
> = {
  wrk: {
    args: (connections, target) => ['-t', '1', '-c', connections, '-d', '2s', target],
    requests: /(\d+) requests in/,
  },
  autocannon: {
    args: (connections, target) => ['--json', '--connections', connections, '--duration', '2', target],
    requests: /"2xx":(\d+)/,
  },
  k6: {
    args: (connections, target) => [
      'run',
      '--quiet',
      '--summary-export=/dev/stdout',
      `--env=TARGET=${target}`,
      `--vus=${connections}`,
      '--duration=2s',
      k6Script,
    ],
    requests: /"http_reqs": \{\s*"count": (\d+)/,
  },
}

/** CPU microseconds per request; NaN where a peer is not installed or cannot send such requests. */
async function measurePeer(name: string, target: string, shape: Shape): Promise<number> {
  if (shape.method === 'POST' || shape.pipelining > 1) return Number.NaN
  const { args, requests } = peers[name]!
  const ended = await childCpu(name, args(String(shape.connections), target))
  return ended === undefined ? Number.NaN : ended.cpuUs / Number(requests.exec(ended.stdout)?.[1])
}

const server = fork(new URL('server.ts', import.meta.url), { execArgv: process.execArgv })
const [target] = (await once(server, 'message')) as [string]
for (const shape of shapes) {
  const least: Record<string, number> = {}
  const note = (name: string, us: number): void => {
    if (!Number.isNaN(us)) least[name] = Math.min(least[name] ?? Infinity, us)
  }
  for (let round = -1; round < rounds; round++) {
    for (const [name, start] of Object.entries({ issue, dispatch, request })) {
      const way = await start(target, shape)
      const us = await measure(way, shape.pipelining)
      await way.close()
      // the first round only warms up
      if (round >= 0) note(name, us)
    }
    for (const name of Object.keys(peers)) note(name, await measurePeer(name, target, shape))
  }
  const { issue: own = Number.NaN, ...others } = least
  const ratios = Object.entries(others).map(([name, us]) => `${name} ${(own / us).toFixed(2)}`)
  process.stdout.write(`${shape.name}: ${own.toFixed(1)} µs; to ${ratios.join(', ')}\n`)
}
server.disconnect()
rmSync(folder, { recursive: true, force: true })
