import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { numberIn, ownWay } from '@cloudbench/fixtures/bench/own-way'
import { benchHeader, benchRow } from '@cloudbench/fixtures/bench/row'
import type { Way } from '@cloudbench/fixtures/bench/way'

// CPU per GET of this driver and of other load generators, and requests per second on one core,
// against a server in another process that does next to nothing:
//   node --conditions=@cloudbench/source bench/issue.ts

const script = fileURLToPath(new URL('server.ts', import.meta.url))
// where there is a choice of cores, the generators get the other ones
const server = spawn('taskset', ['-c', '0', process.execPath, script], { stdio: ['pipe', 'pipe', 'inherit'] })
const [url] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string]

function own(connections: number, options: Readonly<Record<string, unknown>> = {}): Way {
  return ownWay({ driver: 'http', url, workload: 'request', connections, options })
}

/** Its shortest run takes a second. */
function wrk(connections: number): Way {
  return {
    program: 'wrk',
    args: (seconds) => ['-t', 1, '-c', connections, '-d', `${Math.ceil(seconds)}s`, url],
    requests: numberIn(/(\d+) requests in/),
  }
}

function autocannon(connections: number, pipelining: number): Way {
  const load = ['-c', connections, '-p', pipelining]
  return {
    program: 'autocannon',
    args: (seconds) => ['--json', ...load, '-d', Math.ceil(seconds), url],
    requests: numberIn(/"2xx":(\d+)/),
  }
}

function hey(connections: number): Way {
  return {
    program: 'hey',
    args: (seconds) => ['-c', connections, '-z', `${seconds * 1000}ms`, url],
    requests: numberIn(/\[200\]\s+(\d+) responses/),
  }
}

function onOneCore({ program, args, requests }: Way): Way {
  return { program: 'taskset', args: (seconds) => ['-c', 1, program, ...args(seconds)], requests }
}

benchHeader()
await benchRow({
  name: 'GET, 50 connections',
  seconds: 3,
  own: own(50),
  others: {
    autocannon: { way: autocannon(50, 1), goal: 0.45 },
    wrk: { way: wrk(50), goal: 1.3 },
    hey: { way: hey(50), goal: 0.33 },
  },
})
await benchRow({
  name: 'GET, 50 connections, one core',
  reading: 'throughput',
  seconds: 3,
  own: onOneCore(own(50)),
  others: { wrk: { way: onOneCore(wrk(50)), goal: 0.7 } },
})
await benchRow({
  name: 'GET, 10 connections, pipelining 10',
  own: own(10, { pipelining: 10 }),
  others: { autocannon: { way: autocannon(10, 10), goal: 0.4 } },
})
server.stdin.end()
