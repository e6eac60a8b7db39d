import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLoopback } from '@cloudbench/fixtures/bench/loopback'
import { bareDriverWay, numberIn, ownWay, scriptWay } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'
import { startGateway, withoutGateway } from '../test/servers/gateway.ts'

// CPU per call of this driver, of ghz (https://ghz.sh), of h2load, and of grpc-js by stub, over one connection to a server
// in Go where there is Go, else to the loopback server:
//   node --conditions=@cloudbench/source bench/issue.ts

const driver = new URL('../src/index.ts', import.meta.url)
const name = 'shelves/1/books/0af76519-16cd-43dd-8448-eb211c80319c'
/** How many calls stand for a second: programs that count send in proportion. */
const perSecond = 20_000

async function startServer(): Promise<{ readonly url: string; close(): Promise<unknown> }> {
  if (withoutGateway) {
    const { url, end } = await startLoopback(driver)
    return { url, close: end }
  }
  const { port, close } = await startGateway()
  return { url: `grpc://127.0.0.1:${port}`, close }
}

function ghz(where: string, inFlight: number): Way {
  const how = [
    '--insecure',
    '--connections',
    1,
    '-c',
    inFlight,
    '--call',
    'cloudbench.demo.v1.Library.GetBook',
  ]
  return {
    program: 'ghz',
    args: (seconds) => [...how, '-d', JSON.stringify({ name }), '-n', seconds * perSecond, where],
    requests: numberIn(/\[OK\]\s+(\d+) responses/),
  }
}

/** Posts what a call sends, and does not look at what comes back beyond its status of HTTP. */
function h2load(where: string, inFlight: number): Way {
  const file = join(mkdtempSync(join(tmpdir(), 'cloudbench-bench-')), 'call.bin')
  const message = Buffer.concat([Buffer.from([10, name.length]), Buffer.from(name)])
  writeFileSync(file, Buffer.concat([Buffer.from([0, 0, 0, 0, message.length]), message]))
  const headers = ['-H', 'content-type: application/grpc', '-H', 'te: trailers']
  const url = `http://${where}/cloudbench.demo.v1.Library/GetBook`
  return {
    program: 'h2load',
    args: (seconds) => ['-c', 1, '-m', inFlight, '-n', seconds * perSecond, '-d', file, ...headers, url],
    requests: numberIn(/, (\d+) succeeded/),
  }
}

const server = await startServer()
const where = server.url.replace('grpc://', '')
benchHeader()
for (const { inFlight, goals } of [
  { inFlight: 50, goals: { ghz: 0.5, h2load: 1 } },
  { inFlight: 1, goals: {} },
] as const) {
  const load = { driver: driver.href, url: server.url, workload: 'unary' }
  const options = { message: { name }, streams: inFlight }
  const grpcJs = { ...load, options: { ...options, client: 'grpc-js' } }
  const { ghz: ghzGoal, h2load: h2loadGoal } = goals as { readonly ghz?: number; readonly h2load?: number }
  await benchRow({
    name: `unary, wire, ${inFlight} in flight`,
    own: ownWay({ ...load, options }),
    others: {
      h2load: { way: h2load(where, inFlight), ...(h2loadGoal !== undefined && { goal: h2loadGoal }) },
      ...(ghzGoal !== undefined && { ghz: { way: ghz(where, inFlight), goal: ghzGoal } }),
      ...(inFlight > 1 && {
        'the lane without a host': { way: bareDriverWay({ ...load, options }), goal: 1.08 },
      }),
    },
    seconds: 1,
  })
  if (inFlight === 1) continue
  await benchRow({
    name: `unary, grpc-js, ${inFlight} in flight`,
    own: ownWay(grpcJs),
    others: {
      'a stub of grpc-js': { way: scriptWay(new URL('stub.ts', import.meta.url), where, inFlight) },
      'the lane without a host': { way: bareDriverWay(grpcJs), goal: 1.03 },
    },
    seconds: 1,
  })
}
await server.close()
