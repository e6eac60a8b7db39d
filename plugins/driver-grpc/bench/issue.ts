import { fork } from 'node:child_process'
import { once } from 'node:events'
import { childCpu } from '@cloudbench/fixtures/bench/child-cpu'
import { compare, requestsOr } from '@cloudbench/fixtures/bench/compare'
import { startLoopback } from '@cloudbench/fixtures/bench/loopback'

// CPU per call of this driver, of grpc-js alone, and of ghz (https://ghz.sh) where installed, against the loopback server
// in another process:
//   node --conditions=@cloudbench/source bench/issue.ts

const calls = requestsOr(20_000)
/** The flags of README.md: shorter collections, and no stacks for errors that are never shown. */
const tuned = ['--max-semi-space-size=8', '--stack-trace-limit=0']

interface Generator {
  measure(): Promise<number>
  close(): Promise<unknown>
}

/** Starts a process that makes calls in one way, with flags of Node. */
function startGenerator(way: string, inFlight: number, flags: readonly string[] = []): Generator {
  const child = fork(new URL('generator.ts', import.meta.url), [way, server.url, String(inFlight)], {
    execArgv: [...process.execArgv, ...flags],
  })
  child.on('exit', (code) => {
    if (code !== 0) throw new Error(`the generator ${way} ended with ${code}`)
  })
  return {
    async measure() {
      child.send(calls)
      const [us] = (await once(child, 'message')) as [number]
      return us
    },
    // ghz would be charged with what ends during its turn
    close() {
      child.disconnect()
      return once(child, 'exit')
    },
  }
}

/** Over one connection, including the start of ghz. */
function ghzCpu(inFlight: number): Promise<number | undefined> {
  const data = JSON.stringify({ name: 'shelves/1/books/0af76519-16cd-43dd-8448-eb211c80319c' })
  const how = ['--insecure', '--connections', 1, '-n', calls, '-c', inFlight]
  const what = ['--call', 'cloudbench.demo.v1.Library.GetBook', '-d', data]
  return childCpu('ghz', [...how, ...what, server.url.replace('grpc://', '')], calls)
}

const server = await startLoopback(new URL('../src/index.ts', import.meta.url))
for (const inFlight of [1, 50]) {
  const generators = {
    unary: startGenerator('unary', inFlight),
    stub: startGenerator('stub', inFlight),
    'tuned unary': startGenerator('unary', inFlight, tuned),
    'tuned stub': startGenerator('stub', inFlight, tuned),
    json: startGenerator('json', inFlight),
  }
  const ways = Object.entries(generators).map(([name, { measure }]) => [name, measure] as const)
  await compare(`${inFlight} in flight`, { ...Object.fromEntries(ways), ghz: () => ghzCpu(inFlight) })
  for (const { close } of Object.values(generators)) await close()
}
await server.end()
