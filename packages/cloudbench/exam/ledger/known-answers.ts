import { Histogram, ratePerSecond, type HistogramView } from '@cloudbench/core'
import { loadLedger, type Candidate, type Examined, type LoadShape } from '../load.ts'
import type { Question } from '../questions.ts'
import type { Reading } from '../reading.ts'
import { doubted, isHeldUp } from './doubt.ts'
import type { Service } from './ledger.ts'
import {
  arrivalLatenessMs,
  constantArrivals,
  meanOf,
  poissonArrivals,
  quantileOf,
  responsesOf,
  serverLatenessMs,
} from './oracle.ts'

// those of the known answers in packages/core/test/known-answers that say something over real sockets, by number

type Tolerance = Reading['tolerance']

interface Case {
  readonly service: Service
  readonly shape: LoadShape
  readonly perSecond: number
  /** Of response times: by percentile, or of the mean. */
  readonly tolerances: Readonly<Record<string, Tolerance>>
  /** What else there is to see. */
  readonly further?: (examined: Examined) => readonly Reading[]
}

const warmupMs = 3_000
const durationMs = 8_000
const roundTripMs = 2
const roundTrip: Tolerance = { absolute: roundTripMs }
const stalled: Tolerance = { share: 0.02, absolute: 15 }
const queued: Tolerance = { share: 0.02, absolute: 2 }
/** One in the warm-up for practice: the answers after a stall come all at once, which a cold process is slow at. */
const stalls = [
  { fromMs: 1_000, stallMs: 500 },
  { fromMs: 7_000, stallMs: 1_000 },
]

export const knownAnswers: Readonly<Record<string, Question>> = {
  '1: answers take 50 ms': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 50 },
      perSecond: 20,
      shape: { warmupMs, durationMs },
      tolerances: { p50: roundTrip, p99: roundTrip },
      further(examined) {
        const { service, lag, response } = examined.measured.total
        // 0 to 2 ms more than the server takes
        const serviceTime = (p: number): Reading => ({
          ...milliseconds(`service p${p}`, 51, service.percentile(p) / 1e6),
          tolerance: { absolute: 1 },
        })
        return [
          ...[50, 99].map((p) => doubted(serviceTime(p), examined, `service.p${p}`)),
          doubted(milliseconds('lag p99', 0, lag.percentile(99) / 1e6), examined, 'response.p99'),
          count('response times', 160, response.count),
        ]
      },
    }),
  '2: no answers for 1 of 10 s': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 1, stalls },
      perSecond: 100,
      shape: { warmupMs, durationMs: 10_000 },
      tolerances: { p50: roundTrip, p95: stalled, p99: stalled, 'p99.9': stalled, mean: stalled },
      further: ({ measured: { total } }) => [count('unsent', 0, total.unsent)],
    }),
  '3: no answers for 1 of 10 s, then a backlog': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 5, hasQueue: true, stalls },
      perSecond: 100,
      shape: { warmupMs, durationMs: 10_000 },
      tolerances: { p50: roundTrip, p90: stalled, p95: stalled, p99: stalled },
    }),
  '4: 125/s for a server that can do 100/s': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 10, hasQueue: true },
      perSecond: 125,
      shape: { warmupMs: 1_000, durationMs: 10_000 },
      tolerances: { p50: { share: 0.02 }, p90: { share: 0.02 }, p99: { share: 0.02 } },
      further: ({ measured: { total, elapsedMs, verdict } }) => [
        rate(100, ratePerSecond(total, elapsedMs)),
        isTrue('says that the target is saturated', verdict?.limitedBy === 'target'),
      ],
    }),
  '5: a closed loop of 20 that wait 50 ms': (candidate) => closedLoop(candidate, 0),
  '5: a closed loop of 20 that wait 50 ms and think 50': (candidate) => closedLoop(candidate, 50),
  '6: M/M/1 at 70 % load': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 10, isExponential: true, hasQueue: true },
      perSecond: 70,
      shape: { warmupMs, durationMs: 20_000, arrivals: 'poisson' },
      tolerances: { mean: queued, p50: queued, p90: queued, p99: queued },
      // the recursion needs to know when they came due
      further(examined) {
        const { measured, ledger } = examined
        const lateMs = arrivalLatenessMs(ledger, poissonArrivals(70, seed, 1), measured.warmedUp)
        return [doubted(milliseconds('came when they were due, p50', 0, lateMs), examined, 'response.p50')]
      },
    }),
  '8: one in ten takes 1 s': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 1, slowEvery: 10, slowMs: 1_000 },
      perSecond: 100,
      shape: { warmupMs, durationMs },
      tolerances: { p50: roundTrip, p75: roundTrip, p95: roundTrip },
      further: ({ measured: { total } }) => [count('response times', 800, total.response.count)],
    }),
  '11: a generator that is held up for 50 of every 200 ms': heldUp,
  '13: one in 50 is never answered': (candidate) =>
    examine(candidate, {
      service: { serviceMs: 1, silentEvery: 50 },
      perSecond: 100,
      shape: { warmupMs, durationMs, timeoutMs: 1_000 },
      tolerances: { p50: roundTrip },
      further({ measured: { total, warmedUp }, ledger: { entries } }) {
        const silent = entries.filter(({ index, plannedMs }) => index >= warmedUp && plannedMs === null)
        const p99 = milliseconds('response p99', 1_000, total.response.percentile(99) / 1e6)
        return [count('time-outs', silent.length, total.timedOut), { ...p99, tolerance: { share: 0.02 } }]
      },
    }),
}

/** An open loop against the recursion on the ledger. */
export async function examine(
  candidate: Pick<Candidate, 'driver' | 'options'>,
  { service, shape, perSecond, tolerances, further }: Case,
): Promise<readonly Reading[]> {
  const examined = await loadLedger(candidate, service, { ...shape, rate: `${perSecond}/s` })
  const { measured, ledger } = examined
  const arrivals =
    shape.arrivals === 'poisson' ? poissonArrivals(perSecond, seed, 1) : constantArrivals(perSecond)
  const truths = responsesOf(ledger, service, arrivals, measured.warmedUp)
  const { response } = measured.total
  const readings = Object.entries(tolerances).map(([name, tolerance]): Reading => {
    const truthMs = name === 'mean' ? meanOf(truths) : quantileOf(truths, Number(name.slice(1)))
    const readingMs = (name === 'mean' ? response.mean : response.percentile(Number(name.slice(1)))) / 1e6
    const reading = { ...milliseconds(`response ${name}`, truthMs, readingMs), tolerance }
    return doubted(reading, examined, `response.${name}`)
  })
  return [...readings, ...(further?.(examined) ?? [])]
}

async function closedLoop(
  candidate: Pick<Candidate, 'driver' | 'options'>,
  thinkMs: number,
): Promise<readonly Reading[]> {
  const shape = { durationMs, warmupMs: 1_000, connections: 20, thinkMs }
  const examined = await loadLedger(candidate, { serviceMs: 50 }, shape)
  const { total, elapsedMs } = examined.measured
  const perSecond = ratePerSecond(total, elapsedMs)
  const most = 20_000 / (50 + thinkMs)
  const cycleMs = total.service.mean / 1e6 + thinkMs
  const gap = (20_000 / perSecond - cycleMs) / cycleMs
  const expected = { ...rate(most, perSecond), tolerance: { share: 0.04 } }
  const hidden = { ...count('gap N/X − (R + Z), as a share', 0, gap), tolerance: { absolute: 0.05 } }
  return [
    ...[expected, hidden].map((reading) => doubted(reading, examined, 'rate', roundTripMs)),
    count('more than there can be', 0, Number(perSecond > 1.005 * most)),
  ]
}

/** P(lag > x) = 0.25·(1 − x/50 ms): a quarter of all arrivals comes due while nothing of the generator runs. */
async function heldUp(candidate: Pick<Candidate, 'driver' | 'options'>): Promise<readonly Reading[]> {
  const shape = { rate: '1000/s', durationMs, warmupMs }
  const toleranceMs = 3
  const { measured: free } = await loadLedger(candidate, { serviceMs: 0 }, shape)
  const driver = new URL('held-up.ts', import.meta.url).href
  const { measured: held, ledger } = await loadLedger({ ...candidate, driver }, { serviceMs: 0 }, shape)
  // what the machine does to the generator without being asked, and to the server
  const lateMs = Math.max(free.total.lag.percentile(99) / 1e6, serverLatenessMs(ledger, held.warmedUp))
  const doubt = lateMs > toleranceMs ? `the machine held it up for ${lateMs.toFixed(1)} ms more` : undefined
  const quantiles = (name: string, times: HistogramView): Reading[] =>
    [
      { p: 90, truthMs: 30 },
      { p: 99, truthMs: 48 },
    ].map(({ p, truthMs }) => ({
      ...milliseconds(`${name} p${p}`, truthMs, times.percentile(p) / 1e6),
      tolerance: { absolute: toleranceMs },
      doubt,
    }))
  return [
    ...quantiles('lag', held.total.lag),
    ...quantiles('hiccup', Histogram.sum(held.generators.map(({ hiccup }) => hiccup))),
    { ...milliseconds('service p50, without it', 1, held.total.service.percentile(50) / 1e6), doubt },
    { ...isTrue('says that its p99 is invalid', isHeldUp(held, 'response.p99')), doubt },
    { ...isTrue('and valid when it is not held up', !isHeldUp(free, 'response.p99')), doubt },
  ]
}

/** The one that scenarios have by default. */
const seed = 1

function milliseconds(name: string, truth: number, reading: number): Reading {
  return { name, truth, reading, unit: 'ms', tolerance: roundTrip }
}

function rate(truth: number, reading: number): Reading {
  return { name: 'rate', truth, reading, unit: '/s', tolerance: { share: 0.02 } }
}

function count(name: string, truth: number, reading: number): Reading {
  return { name, truth, reading, unit: '', tolerance: {} }
}

function isTrue(name: string, reading: boolean): Reading {
  return count(name, 1, Number(reading))
}
