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
const inFlight = 50
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

function ghz(where: string): Way {
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
function h2load(where: string): Way {
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
const load = { driver: driver.href, url: server.url, workload: 'unary' }
const wire = { ...load, options: { message: { name }, streams: inFlight } }
const grpcJs = { ...load, options: { ...wire.options, client: 'grpc-js' } }

try {
  benchHeader()
  await benchRow({
    name: `wire, ${inFlight} in flight`,
    own: ownWay(wire),
    others: {
      h2load: { way: h2load(where), goal: 1 },
      'the lane without a host': { way: bareDriverWay(wire), goal: 1.08 },
    },
    // until code is compiled, a call costs twice as much: it has to be out of the short run
    seconds: 3,
  })
  await benchRow({
    name: `wire, ${inFlight} in flight`,
    own: ownWay(wire),
    others: { ghz: { way: ghz(where), goal: 0.5 } },
    seconds: 1.6,
  })
  await benchRow({
    name: `grpc-js, ${inFlight} in flight`,
    own: ownWay(grpcJs),
    others: {
      'a stub of grpc-js': { way: scriptWay(new URL('stub.ts', import.meta.url), where, inFlight) },
      'the lane without a host': { way: bareDriverWay(grpcJs), goal: 1.03 },
    },
    seconds: 1.6,
  })
} finally {
  await server.close()
}
