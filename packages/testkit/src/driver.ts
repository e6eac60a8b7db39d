import type { Json } from '@cloudbench/core'
import type { DriverProbe } from './child/driver/probes.ts'
import type { Fault } from './fault.ts'
import { deadlines, type Ended, expectSilence, inProcess, type Start } from './process.ts'
import { examine, register, type Registration, type Rule } from './rule.ts'
import { urlOf } from './url.ts'

/** A driver, and what to try it with. */
export interface DriverSubject {
  /** Of the module, such as `new URL('../src/index.ts', import.meta.url)`. */
  readonly driver: URL | string
  /** A server that is up, and may be written to. @default the driver's own loopback server */
  readonly target?: string
  /** Options with which requests succeed. @default {} */
  readonly options?: Json
  /** Options that have to be refused, beside an unknown one. */
  readonly refused?: readonly Json[]
  /** @default the driver's first workload */
  readonly workload?: string
  /** How many requests count as many. @default 10000 */
  readonly requests?: number
  /** False when the protocol itself puts something new into every request. @default true */
  readonly repeatable?: boolean
  /** After how long a call into the driver counts as hanging, in milliseconds. @default 5000 */
  readonly limitMs?: number
}

/** Registers a test for everything that a driver has to do. */
export function testDriver({ test, report, ...subject }: DriverSubject & Registration): void {
  register(driverRules(subject), { test, ...(report && { report }) })
}

/** Tries everything that a driver has to do, and resolves with what is wrong; with nothing when all is well. */
export function examineDriver(subject: DriverSubject): Promise<Fault[]> {
  return examine(driverRules(subject))
}

const probes: Readonly<Record<DriverProbe, string>> = {
  identity: 'loads by its URL, has a name, and begins nothing by being loaded',
  options: 'takes its options, and refuses others by name',
  descriptions: 'describes every option',
  silence: 'runs under nice with a heap limit, and prints nothing',
  calls: 'answers every request once, and reads its call in time',
  outcomes: 'answers with outcomes that were made once',
  failures: 'reports failures as failures',
  blocking: 'leaves the event loop running',
  streams: 'has as many requests in flight as it says',
  repeat: 'repeats its requests with the seed',
  refusal: 'refuses to connect to where nothing listens',
  death: 'fails requests when the server dies, and closes all the same',
  reconnect: 'leaves reconnecting to the host',
  leftovers: 'closes everything that it opened',
  ending: 'lets its process end by itself',
  disconnect: 'ends its connections when it is closed',
  listeners: 'takes back the listeners that it added',
  prepare: 'prepares and cleans up as often as it is asked to',
  audit: 'finds nothing wrong with a sound load',
  observe: "reads the server's counters, which only grow",
  loopback: 'has a loopback server that can be closed',
  overhead: 'says what a request costs',
}

/** Every rule for drivers, in the order in which a failure explains those after it. */
export function driverRules(subject: DriverSubject): readonly Rule[] {
  const { driver, target, options = {}, refused = [], workload, requests = 10_000 } = subject
  const { limitMs = 5_000, repeatable = true } = subject
  const limits = deadlines(limitMs)
  const url = urlOf(driver)
  const attempt = (probe: DriverProbe, start: Partial<Start> = {}): Promise<Ended> =>
    inProcess(
      {
        kind: 'driver',
        probe,
        url,
        options,
        refused,
        limitMs,
        workload,
        target,
        requests,
        isRepeatable: repeatable,
      },
      { ...limits, ...start },
    )
  const runs: Partial<Record<DriverProbe, () => Promise<readonly string[]>>> = {
    async ending() {
      const ended = await attempt('ending')
      expectSilence(ended, 'driver')
      return ended.notes
    },
    async silence() {
      const ended = await attempt('silence', {
        wrap: ['nice', '-n', '1'],
        execArgv: ['--max-old-space-size=256'],
      })
      expectSilence(ended, 'driver')
      return ended.notes
    },
  }
  return (Object.keys(probes) as DriverProbe[]).map((probe) => ({
    name: probes[probe],
    limitMs: limits.limitMs,
    run: runs[probe] ?? (async () => (await attempt(probe)).notes),
  }))
}
