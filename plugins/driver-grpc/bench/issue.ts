import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { ghz, hasGhz } from './ghz.ts'

// CPU per call of this driver, of grpc-js alone, and of ghz where installed, against the loopback server in another
// process:
//   node --conditions=@cloudbench/source bench/issue.ts
// The ways alternate, and the lowest round counts, because other work on the machine only ever adds.

const callsPerRound = Number(process.argv[2] ?? 20_000)
const rounds = 5
/** The flags of README.md: shorter collections, and no stacks for errors that are never shown. */
const tuned = ['--max-semi-space-size=8', '--stack-trace-limit=0']

const ways = [
  { name: 'stub', way: 'stub', flags: [] },
  { name: 'unary', way: 'unary', flags: [] },
  { name: 'stub, tuned', way: 'stub', flags: tuned },
  { name: 'unary, tuned', way: 'unary', flags: tuned },
  { name: 'json', way: 'json', flags: [] },
] as const

/** A way to make calls, with the lowest CPU of its rounds. */
interface Way {
  readonly name: string
  leastUs: number
  measure(): Promise<number>
  close(): void
}

function start(file: string, args: readonly string[], flags: readonly string[]): ChildProcess {
  const execArgv = [...process.execArgv, ...flags]
  const child = fork(new URL(file, import.meta.url), [...args], { execArgv })
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`)
  })
  return child
}

async function generator(
  { name, way, flags }: (typeof ways)[number],
  target: string,
  inFlight: number,
): Promise<Way> {
  const child = start('generator.ts', [way, target, String(inFlight)], flags)
  await once(child, 'message')
  return {
    name,
    leastUs: Infinity,
    async measure() {
      child.send(callsPerRound)
      const [us] = (await once(child, 'message')) as [number]
      return us
    },
    close: () => child.disconnect(),
  }
}

const server = start('server.ts', [], [])
const [target] = (await once(server, 'message')) as [string]
const withGhz = await hasGhz()
for (const inFlight of [1, 50]) {
  const all = await Promise.all(ways.map((way) => generator(way, target, inFlight)))
  if (withGhz)
    all.push({
      name: 'ghz',
      leastUs: Infinity,
      measure: () => ghz(target, callsPerRound, inFlight),
      close: () => {},
    })
  for (let round = -1; round < rounds; round++)
    for (const way of all) {
      const us = await way.measure()
      // the first round only warms up
      if (round >= 0) way.leastUs = Math.min(way.leastUs, us)
    }
  const stubUs = all[0]!.leastUs
  for (const { name, leastUs, close } of all) {
    process.stdout.write(
      `${inFlight} in flight, ${name}: ${leastUs.toFixed(1)} µs, ${(leastUs / stubUs).toFixed(2)} of the stub\n`,
    )
    close()
  }
}
server.disconnect()
