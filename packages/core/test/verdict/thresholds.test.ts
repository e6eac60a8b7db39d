import { describe, expect, test } from 'vitest'
import { thresholdUnits } from '../../src/config/threshold-units.ts'
import { Histogram } from '../../src/metrics/histogram.ts'
import type { Flow } from '../../src/plugin/model.ts'
import { judge } from '../../src/verdict/judge.ts'
import { signalTable, type SignalTableName } from '../../src/verdict/table.ts'
import { times } from '../metrics/measured.ts'
import { closedLoop, hiccups, madeUp, type MadeUp } from './made-up.ts'
import { signalIn } from './simulated.ts'

/** A run that is within a row of the table, one that is beyond its first threshold, and one beyond its second. */
interface Fixture {
  readonly fine: MadeUp
  /** Absent where the row has no such threshold, or has it where the other one is. */
  readonly suspect?: MadeUp
  readonly invalid?: MadeUp
}

const gauge = (name: string, value: number | ((second: number) => number)): MadeUp => ({
  gauges: { [name]: value },
})
const counter = (name: string, value: number): MadeUp => ({ counters: { [name]: value } })
const both = (a: string, one: number, b: string, other: number): MadeUp => ({
  counters: { [a]: one, [b]: other },
})
/** From the fifth second on. */
const later = (before: number, after: number) => (second: number) => (second < 5 ? before : after)
const held = (ms: number): MadeUp => ({ generator: { hiccup: hiccups(ms) } })
const errors = (failed: number): MadeUp => ({
  metrics: {
    ok: 1000 - failed,
    failed,
    outcomes: { ok: { count: 1000 - failed, ok: true }, bad: { count: failed, ok: false } },
  },
})
const ceiling = (perSecond: number): MadeUp => {
  const flow = {
    name: 'main',
    driver: 'test',
    workload: 'work',
    target: { name: 'server', url: 'test://server', origin: 'given' },
    ceiling: { perSecond, measuredAt: '2026-01-01T00:00:00Z' },
  } satisfies Flow & { readonly ceiling: unknown }
  return { scenario: { flows: [flow] } }
}
/** Of each second, this many come due and are never sent. */
const unsent = (count: number): MadeUp => ({
  metrics: { scheduled: 1000 + count, unsent: count },
})
const inFlight = (mean: number): MadeUp => ({ load: closedLoop, flow: { inFlightMs: mean * 1000 } })

const fixtures: Readonly<Record<SignalTableName, Fixture>> = {
  disturbance: {
    fine: held(0),
    suspect: {
      generator: { lag: times(Array.from({ length: 1000 }, () => 1)) },
      metrics: { lag: times(Array.from({ length: 1000 }, () => 1)) },
    },
    invalid: held(100),
  },
  stalled: { fine: held(50), suspect: held(100), invalid: held(200) },
  busy: { fine: {}, suspect: { generator: { busy: 0.8 } }, invalid: { generator: { busy: 0.9 } } },
  ceiling: { fine: ceiling(2500), suspect: ceiling(1500), invalid: ceiling(1100) },
  gcShare: { fine: {}, suspect: { generator: { gcMs: 30 } }, invalid: { generator: { gcMs: 80 } } },
  gcLongest: {
    fine: {},
    suspect: { generator: { gcMaxMs: 2 } },
    invalid: { generator: { gcMaxMs: 4 } },
  },
  loopGap: { fine: inFlight(4.9), suspect: inFlight(4.5), invalid: inFlight(4) },
  errors: { fine: errors(0), suspect: errors(5), invalid: errors(20) },
  unsent: { fine: unsent(0), suspect: unsent(20), invalid: unsent(100) },
  steal: {
    fine: gauge('cpu.stealShare', 0.005),
    suspect: gauge('cpu.stealShare', 0.03),
    invalid: gauge('cpu.stealShare', 0.08),
  },
  stealPeak: {
    fine: gauge('cpu.stealShare', 0.1),
    suspect: gauge('cpu.stealShare', (second) => (second === 3 ? 0.3 : 0)),
  },
  runDelay: {
    fine: gauge('worker.runDelayShare', 0.005),
    suspect: gauge('worker.runDelayShare', 0.03),
    invalid: gauge('worker.runDelayShare', 0.08),
  },
  throttledPeriods: {
    fine: both('cpu.throttledPeriods', 0, 'cpu.quotaPeriods', 1000),
    suspect: both('cpu.throttledPeriods', 5, 'cpu.quotaPeriods', 1000),
    invalid: both('cpu.throttledPeriods', 50, 'cpu.quotaPeriods', 1000),
  },
  throttledTime: {
    fine: counter('cpu.throttledMs', 0),
    suspect: counter('cpu.throttledMs', 5),
    invalid: counter('cpu.throttledMs', 50),
  },
  cpuPressure: {
    fine: counter('cpu.stalledMs', 20),
    suspect: counter('cpu.stalledMs', 100),
    invalid: counter('cpu.stalledMs', 300),
  },
  memoryPressure: {
    fine: counter('memory.allStalledMs', 0.5),
    suspect: counter('memory.allStalledMs', 5),
    invalid: counter('memory.allStalledMs', 50),
  },
  ioPressure: {
    fine: counter('io.stalledMs', 20),
    suspect: counter('io.stalledMs', 100),
    invalid: counter('io.stalledMs', 300),
  },
  swap: { fine: counter('memory.swappedPages', 0), invalid: counter('memory.swappedPages', 1) },
  oomKills: { fine: counter('memory.oomKills', 0), invalid: counter('memory.oomKills', 1) },
  majorFaults: { fine: counter('memory.majorFaults', 5), suspect: counter('memory.majorFaults', 20) },
  reclaimStalls: { fine: counter('memory.reclaimStalls', 0), suspect: counter('memory.reclaimStalls', 1) },
  balloon: {
    fine: counter('memory.balloonInflatedBytes', 0),
    suspect: counter('memory.balloonInflatedBytes', 1e5),
    invalid: counter('memory.balloonInflatedBytes', 1e7),
  },
  memoryLimitMoved: {
    fine: gauge('memory.limitBytes', later(1e9, 0.97e9)),
    suspect: gauge('memory.limitBytes', later(1e9, 0.9e9)),
  },
  numaMisses: {
    fine: both('numa.missedPages', 0, 'numa.hitPages', 1000),
    suspect: both('numa.missedPages', 50, 'numa.hitPages', 1000),
    invalid: both('numa.missedPages', 500, 'numa.hitPages', 1000),
  },
  numaRemote: {
    fine: gauge('worker.remoteMemoryShare', 0.05),
    suspect: gauge('worker.remoteMemoryShare', 0.3),
    invalid: gauge('worker.remoteMemoryShare', 0.6),
  },
  canary: {
    fine: gauge('cpu.canaryNs', later(1e6, 1.01e6)),
    suspect: gauge('cpu.canaryNs', later(1e6, 1.2e6)),
    invalid: gauge('cpu.canaryNs', later(1e6, 1.5e6)),
  },
  frequency: {
    fine: gauge('cpu.frequencyHz', later(3e9, 2.95e9)),
    suspect: gauge('cpu.frequencyHz', later(3e9, 2.5e9)),
  },
  retransmits: {
    fine: both('tcp.retransmittedSegments', 0, 'tcp.sentSegments', 10_000),
    suspect: both('tcp.retransmittedSegments', 10, 'tcp.sentSegments', 10_000),
    invalid: both('tcp.retransmittedSegments', 500, 'tcp.sentSegments', 10_000),
  },
  tcpTimeouts: { fine: counter('tcp.timeouts', 0), suspect: counter('tcp.timeouts', 1) },
  listenOverflows: { fine: counter('tcp.listenOverflows', 0), suspect: counter('tcp.listenOverflows', 1) },
  allowance: {
    fine: both('net.allowanceExceededPackets', 0, 'net.packets', 100_000),
    suspect: both('net.allowanceExceededPackets', 10, 'net.packets', 100_000),
    invalid: both('net.allowanceExceededPackets', 1000, 'net.packets', 100_000),
  },
  packetDrops: { fine: counter('net.droppedPackets', 0), suspect: counter('net.droppedPackets', 1) },
  squeezes: { fine: counter('net.squeezes', 0), suspect: counter('net.squeezes', 1) },
  clockSource: { fine: { facts: { 'clock.source': 'tsc' } }, suspect: { facts: { 'clock.source': 'hpet' } } },
  clockDrift: { fine: gauge('clock.driftPpm', -50), suspect: gauge('clock.driftPpm', -200) },
  clockStep: { fine: counter('clock.steppedMs', 0), suspect: counter('clock.steppedMs', 50) },
  burstable: {
    fine: { facts: { 'host.isBurstable': false } },
    suspect: { facts: { 'host.isBurstable': true } },
  },
  creditsSpent: {
    fine: gauge('cpu.credits', 5),
    suspect: { seconds: 40, ...gauge('cpu.predictedCredits', (second) => (second < 39 ? 5 : 0)) },
    invalid: gauge('cpu.credits', (second) => (second < 5 ? 5 : 0)),
  },
}

test('the table has no name twice, and a fixture for each', () => {
  const names = signalTable.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  expect(Object.keys(fixtures).toSorted()).toEqual(names.toSorted())
})

test('a configuration can set every threshold, in its unit', () => {
  expect(thresholdUnits).toEqual(Object.fromEntries(signalTable.map(({ name, unit }) => [name, unit])))
})

describe.each(signalTable.map((row) => [row.name, row] as const))('%s', (name, row) => {
  const { fine, suspect, invalid } = fixtures[name as SignalTableName]

  test('does not fire for nothing', () => {
    expect(signalIn(judge(madeUp(fine)), name)).toMatchObject({ validity: 'valid', unit: row.unit })
  })

  test('fires', () => {
    const { suspectAbove, invalidAbove } = row
    const isOne = suspectAbove === null || suspectAbove === invalidAbove
    expect(suspect !== undefined).toBe(!isOne)
    expect(invalid !== undefined).toBe(invalidAbove !== null)
    if (suspect) expect(signalIn(judge(madeUp(suspect)), name).validity).toBe('suspect')
    if (invalid) expect(signalIn(judge(madeUp(invalid)), name).validity).toBe('invalid')
  })

  test('fires at other thresholds when it is told to', () => {
    const plan = { required: 'suspect', isInvalidAllowed: false } as const
    const beyond = madeUp(invalid ?? suspect)
    const never = { [name]: { suspectAbove: null, invalidAbove: null } }
    expect(signalIn(judge(beyond, { ...plan, thresholds: never }), name).validity).toBe('valid')
    const always = { [name]: { suspectAbove: -1, invalidAbove: null } }
    expect(signalIn(judge(madeUp(fine), { ...plan, thresholds: always }), name).validity).toBe('suspect')
  })
})

test('what nothing samples is unknown, and says so', () => {
  const evidence = madeUp({ generator: { hiccup: Histogram.empty } })
  const empty = judge({ ...evidence, machines: [] })
  const unknown = empty.verdict.signals.filter(({ validity }) => validity === 'unknown')
  expect(unknown.map(({ name }) => name)).toEqual(
    signalTable
      .map(({ name }) => name)
      .filter((name) => !['busy', 'gcShare', 'gcLongest', 'errors', 'unsent'].includes(name)),
  )
  for (const signal of unknown) {
    expect(signal.missing).toMatch(/\w+/)
    expect(signal.observed).toBeUndefined()
  }
  expect(signalIn(empty, 'steal').missing).toBe('no environment samples cpu.stealShare')
})

test('an environment may say why', () => {
  const judgement = judge({ ...madeUp(), missing: { 'cpu.stealShare': 'there is no /proc/stat' } })
  expect(signalIn(judgement, 'steal').missing).toBe('there is no /proc/stat')
})

test.each(['spin', 'hybrid'] as const)(
  'with dispatch %s nothing is claimed of how busy it was',
  (dispatch) => {
    const judgement = judge(madeUp({ scenario: { dispatch }, generator: { busy: 1 } }))
    expect(signalIn(judgement, 'busy')).toMatchObject({ validity: 'unknown' })
    expect(judgement.verdict.reasons).toEqual([])
  },
)
