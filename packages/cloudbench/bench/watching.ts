import { setTimeout as sleep } from 'node:timers/promises'
import type { Environment, EnvironmentContext, Watcher } from '@cloudbench/core'
import burst from '@cloudbench/environment-burst'
import memory from '@cloudbench/environment-memory'
import network from '@cloudbench/environment-network'
import numa from '@cloudbench/environment-numa'
import { benchHeader, printCells, roundsAsked } from '@cloudbench/fixtures/bench/row'

// what it costs to watch: CPU time of this process for a sample of everything that the default environments watch on this
// machine, by many samples in a row. The goal is 1 % of a core at one sample a second. The canary works on its own time, so it
// has a row of its own.

const goalMs = 10
const samples = 300
const workers = [{ index: 0, pid: process.pid }]

async function watch(environment: Environment, options: object): Promise<Watcher> {
  const context: EnvironmentContext = {
    options: await parsed(environment, options),
    log: { debug() {}, info() {}, warn() {} },
    signal: new AbortController().signal,
    facts: {},
  }
  return environment.watch!(context)
}

async function parsed({ options: schema }: Environment, options: object): Promise<unknown> {
  const result = await schema!['~standard'].validate(options)
  if (result.issues) throw new Error(JSON.stringify(result.issues))
  return result.value
}

/** CPU time of one sample of all of them, in milliseconds. */
async function costOf(watchers: readonly Watcher[]): Promise<number> {
  const before = process.cpuUsage()
  for (let sample = 0; sample < samples; sample++)
    await Promise.all(watchers.map(async (watcher) => watcher.read(workers)))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000 / samples
}

/** CPU time of the canary in a second, where it works the most: every 5 s, three times. */
async function canaryCost(): Promise<number> {
  const watcher = await watch(burst, {})
  for (;;) {
    const { 'cpu.canaryNs': ns } = await watcher.read(workers)
    if (ns !== undefined) {
      await watcher.close()
      return (ns * 3) / 1e6 / 5
    }
    await sleep(50)
  }
}

const watchers = {
  memory: await watch(memory, {}),
  numa: await watch(numa, {}),
  burst: await watch(burst, { canary: false }),
  network: await watch(network, {}),
}
const all = Object.values(watchers)
await costOf(all)

benchHeader()
const print = (what: string, ms: number): void =>
  printCells([what, `${ms.toPrecision(3)} ms of CPU`, '', '', '', '', ''])

async function bench(name: string, measured: readonly Watcher[]): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < roundsAsked(); round++) rounds.push(await costOf(measured))
  const best = Math.min(...rounds)
  const signals = measured.flatMap((watcher) => Object.keys(watcher.signals)).length
  print(`a sample of ${name}, ${signals} signals`, best)
  return best
}

for (const [name, watcher] of Object.entries(watchers)) await bench(name, [watcher])
const together = await bench('all', all)
const canary = await canaryCost()
print('a second of the canary, where it is the most', canary)
const total = together + canary
const verdict = total <= goalMs ? 'reached' : 'missed'
const share = `${(total / 10).toPrecision(2)} % of a core`
printCells(['watching, at one sample a second', share, '', '', '', `≤ ${goalMs / 10} %`, verdict])
for (const watcher of all) await watcher.close()
