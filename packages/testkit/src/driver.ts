import type { Json } from '@cloudbench/core'
import type { DriverProbe } from './child/driver/probes.ts'
import type { Fault } from './fault.ts'
import { deadlines, expectSilence, inProcess, type Start } from './process.ts'
import { commonRules, examine, register, type Registration, type Rule } from './rule.ts'
import { urlOf } from './url.ts'

/** A driver, and what to test it with. */
export interface DriverSubject {
  /** Of the module, such as `new URL('../src/index.ts', import.meta.url)`. */
  readonly driver: URL | string
  /** A server that is up and may be written to. @default the driver's own loopback server */
  readonly target?: string
  /** Options with which requests succeed. @default {} */
  readonly options?: Json
  /** Options that must be refused; an unknown option is always tried. */
  readonly refused?: readonly Json[]
  /** @default the driver's first workload */
  readonly workload?: string
  /** How many requests to send where many are needed. @default 10000 */
  readonly requests?: number
  /** False if the protocol itself puts something new into every request. @default true */
  readonly repeatable?: boolean
  /** How long a call into the driver may take before it counts as hanging, in milliseconds. @default 5000 */
  readonly limitMs?: number
}

/** Registers a test for every rule for drivers. */
export function testDriver({ test, report, ...subject }: DriverSubject & Registration): void {
  register(driverRules(subject), { test, ...(report && { report }) })
}

/** Tries every rule for drivers, and resolves with the faults: none if all is well. */
export function examineDriver(subject: DriverSubject): Promise<Fault[]> {
  return examine(driverRules(subject))
}

const probes: Readonly<Record<DriverProbe, string>> = {
  ...commonRules,
  silence: 'runs under nice with a heap limit, and prints nothing',
  calls: 'answers every request once, and reads its call in time',
  outcomes: 'answers with outcomes made once',
  failures: 'reports failures as failures',
  blocking: 'keeps the event loop running',
  streams: 'keeps as many requests in flight as it claims',
  repeat: 'sends the same requests for the same seed',
  refusal: 'fails to connect where nothing listens',
  death: 'fails requests when the server dies, and still closes',
  reconnect: 'leaves reconnecting to the host',
  idle: 'says when an idle connection dies',
  sockets: 'counts its connections as its server does',
  leftovers: 'closes everything it opened',
  ending: 'lets its process exit by itself',
  disconnect: 'disconnects when it is closed',
  listeners: 'removes the listeners it added',
  prepare: 'can prepare and clean up repeatedly',
  audit: 'audits a sound load without complaint',
  observe: "reads the server's counters, which only grow",
  loopback: 'has a loopback server that can be closed',
  overhead: 'says what a request costs',
}

/** Probes after which nothing may have been printed, and how their processes start. */
const silent: Partial<Record<DriverProbe, Partial<Start>>> = {
  ending: {},
  silence: { wrap: ['nice', '-n', '1'], execArgv: ['--max-old-space-size=256'] },
}

/** Every rule for drivers, in the order in which a failure explains those after it. */
export function driverRules(subject: DriverSubject): readonly Rule[] {
  const { driver, target, options = {}, refused = [], workload, requests = 10_000 } = subject
  const { limitMs = 5_000, repeatable: isRepeatable = true } = subject
  const limits = deadlines(limitMs)
  const given = { url: urlOf(driver), options, refused, limitMs, workload, target, requests, isRepeatable }
  return (Object.keys(probes) as DriverProbe[]).map((probe) => ({
    name: probes[probe],
    limitMs: limits.limitMs,
    async run() {
      const ended = await inProcess({ kind: 'driver', probe, ...given }, { ...limits, ...silent[probe] })
      if (silent[probe]) expectSilence(ended, 'driver')
      return ended.notes
    },
  }))
}
