import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Client, type Dispatcher } from 'undici'
import { open } from '../test/context.ts'

// CPU per request of this driver and of undici alone, against the loopback server in another process:
//   node --conditions=@cloudbench/source bench/issue.ts
// The ways take turns, and the least of the rounds counts, because other work on a machine only ever adds.

const connections = 10
const requestsPerRound = Number(process.argv[2] ?? 20_000)
const rounds = 5

interface Shape {
  readonly name: string
  readonly options: Record<string, unknown>
  readonly pipelining: number
  readonly method: 'GET' | 'POST'
  readonly body: () => Buffer | null
}

const shapes: readonly Shape[] = [
  { name: 'GET', options: {}, pipelining: 1, method: 'GET', body: () => null },
  {
    name: 'POST with a UUID',
    options: { method: 'POST', path: '/v1/data', body: { id: '${uuid}' } },
    pipelining: 1,
    method: 'POST',
    body: () => Buffer.from(JSON.stringify({ id: crypto.randomUUID() })),
  },
  {
    name: 'GET, pipelining 10',
    options: { pipelining: 10 },
    pipelining: 10,
    method: 'GET',
    body: () => null,
  },
]

/** A way to send requests. */
interface Way {
  /** One for each connection; calls back when the request is answered. */
  readonly senders: readonly ((done: () => void) => void)[]
  close(): Promise<unknown>
}

async function issue(target: string, { options }: Shape): Promise<Way> {
  const tested = await Promise.all(Array.from({ length: connections }, () => open(target, options)))
  let index = 0
  return {
    senders: tested.map(({ connection }) => (done) => {
      connection.issue?.({ index: index++, traceparent: undefined, random: Math.random, done, fail: stop })
    }),
    close: () => Promise.all(tested.map(async ({ connection }) => connection.close())),
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

function clientsOf(target: string, { pipelining }: Shape): Client[] {
  return Array.from({ length: connections }, () => new Client(target, { pipelining }))
}

function requestOf({ method, body, pipelining }: Shape): Dispatcher.RequestOptions {
  const [path, headers] = method === 'GET' ? ['/', []] : ['/v1/data', ['content-type', 'application/json']]
  return { method, path, headers, body: body(), blocking: pipelining === 1 }
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

const server = fork(new URL('server.ts', import.meta.url), { execArgv: process.execArgv })
const [target] = (await once(server, 'message')) as [string]
for (const shape of shapes) {
  const least = { issue: Infinity, dispatch: Infinity, request: Infinity }
  const ways = { issue, dispatch, request }
  for (let round = -1; round < rounds; round++)
    for (const name of ['issue', 'dispatch', 'request'] as const) {
      const way = await ways[name](target, shape)
      const us = await measure(way, shape.pipelining)
      await way.close()
      // the first round only warms up
      if (round >= 0) least[name] = Math.min(least[name], us)
    }
  const { issue: own, dispatch: bare, request: usual } = least
  process.stdout.write(
    `${shape.name}: issue ${own.toFixed(1)} µs, dispatch ${bare.toFixed(1)} µs, request ${usual.toFixed(1)} µs` +
      ` · issue/dispatch ${(own / bare).toFixed(2)}, issue/request ${(own / usual).toFixed(2)}\n`,
  )
}
server.disconnect()
