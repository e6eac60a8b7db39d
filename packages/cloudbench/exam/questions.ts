import { ratePerSecond } from '@cloudbench/core'
import { arrivalsOf, measure, type Candidate } from './load.ts'
import type { Reading } from './reading.ts'

/** Runs a driver against a server whose answer is known, and returns truths and readings. */
export type Question = (candidate: Candidate) => Promise<readonly Reading[]>

/** Enough for a round trip on a busy machine. */
const loopMs = 15
/** A round trip and the wait for the next tick: 1 ms of HTTP on a machine that is at rest. */
const roundTripMs = 2

export const freezeQuestions: Readonly<Record<string, Question>> = {
  'no answer for 2 of 10 s, 1 worker': (candidate) => freeze(candidate, 1),
  'no answer for 2 of 10 s, 4 workers': (candidate) => freeze(candidate, 4),
}

/** For servers that serve one request at a time. */
export const questions: Readonly<Record<string, Question>> = {
  'answers take 50 ms': async (candidate) => {
    const { total } = await measure(candidate, { delayMs: 50 }, { rate: '100/s', durationMs: 5_000 })
    return [
      {
        ...milliseconds('response p50', 50, total.response.percentile(50)),
        tolerance: { absolute: roundTripMs },
      },
      count('requests', 500, total.ok),
    ]
  },
  'answers take 250 ms, of which 200 are allowed': async (candidate) => {
    const shape = { rate: '50/s', durationMs: 2_000, timeoutMs: 200 }
    const { total } = await measure(candidate, { delayMs: 250 }, shape)
    return [count('successes', 0, total.ok), count('time-outs', 100, total.timedOut)]
  },
  'a closed loop whose answers take most of it': async (candidate) => {
    const shape = { durationMs: 400, connections: 10 }
    const { total, elapsedMs, connections } = await measure(candidate, { delayMs: 300 }, shape)
    const active = connections.openMs / elapsedMs
    const rate = ratePerSecond(total, elapsedMs)
    // by N/X = R, 33.3/s and 10 connections are the most there can be
    return [
      { name: 'rate', truth: 10 / 0.3, reading: rate, unit: '/s', tolerance: { share: 0.1 } },
      count('more than there can be', 0, Number(rate > 10 / 0.299) + Number(active > 10.000_001)),
    ]
  },
  ...freezeQuestions,
  'a queue at 70 % load (M/D/1)': async (candidate) => {
    const shape = { rate: '70/s', durationMs: 30_000, arrivals: 'poisson' } as const
    const { total } = await measure(candidate, { capacityPerSecond: 100 }, shape)
    // 2 100 correlated samples; the table of waiting times is in the literature on M/D/1
    return [
      { ...milliseconds('response p50', 17.3, total.response.percentile(50)), tolerance: { share: 0.25 } },
      { ...milliseconds('response p90', 40.77, total.response.percentile(90)), tolerance: { share: 0.25 } },
    ]
  },
  'a queue at 125 % load': async (candidate) => {
    const shape = { rate: '125/s', durationMs: 10_000, connections: 1_000 }
    const { total } = await measure(candidate, { capacityPerSecond: 100 }, shape)
    // arrival i is due at i/125 s and answered at (i + 1)/100 s
    const truth = (p: number): number => 10 + 2 * (Math.ceil((p / 100) * 1_250) - 1)
    return [
      ...[50, 90, 99].map((p) => milliseconds(`response p${p}`, truth(p), total.response.percentile(p))),
      count('requests', 1_250, total.ok),
    ]
  },
}

/** Only where the server can record what arrives. */
export const arrivalQuestions: Readonly<Record<string, Question>> = {
  'numbers of requests through a warm-up': async ({ driver }) => {
    const numbered = { driver, workload: 'request', options: { path: '/items/${index}' } }
    const shape = { rate: '100/s', warmupMs: 1_000, durationMs: 2_000, workers: 2 }
    const paths = (await arrivalsOf(numbered, shape)).map(({ path }) => path)
    return [count('requests', 300, paths.length), count('different paths', 300, new Set(paths).size)]
  },
  'requests spread over their second': async (candidate) => {
    const shape = { rate: '100/s', durationMs: 10_000, workers: 4 }
    const arrivalsMs = (await arrivalsOf(candidate, shape)).map(({ atMs }) => atMs)
    const first = Math.min(...arrivalsMs)
    const early = arrivalsMs.filter((arrivalMs) => (arrivalMs - first + 1) % 1_000 < 100).length
    return [
      {
        name: 'share in its first 100 ms',
        truth: 0.1,
        reading: early / arrivalsMs.length,
        unit: '',
        tolerance: { absolute: 0.01 },
      },
    ]
  },
  'Poisson arrivals': async (candidate) => {
    const shape = { rate: '100/s', durationMs: 20_000, arrivals: 'poisson' } as const
    const arrivalsMs = (await arrivalsOf(candidate, shape)).map(({ atMs }) => atMs)
    const gaps = arrivalsMs.slice(1).map((arrivalMs, at) => arrivalMs - arrivalsMs[at]!)
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length
    // standard errors with 2 000 gaps: 2.2 % of the mean, 3.5 % of the deviation
    return [
      { name: 'mean gap', truth: 10, reading: mean, unit: 'ms', tolerance: { share: 0.09 } },
      { name: 'deviation', truth: 10, reading: Math.sqrt(variance), unit: 'ms', tolerance: { share: 0.14 } },
    ]
  },
}

/** P(latency > x) = 0.2 (1 − x/2 s): a fifth of the requests is due in the stall, evenly over it. */
async function freeze(candidate: Candidate, workers: number): Promise<readonly Reading[]> {
  // the answers after a stall come all at once, which a cold process is slow at: the first stall is for practice.
  // Times of stalls count from the server's start, a second or two before the load's.
  const stall = { afterMs: 4_000, stallMs: 2_000, periodMs: 8_000 }
  const shape = { rate: '100/s', warmupMs: 6_000, durationMs: 10_000, workers }
  const { total } = await measure(candidate, { stall }, shape)
  const truth = (p: number): number => Math.max(0, 2_000 * (1 - (1 - p / 100) / 0.2))
  return [
    ...[50, 90, 99].map((p) => milliseconds(`response p${p}`, truth(p), total.response.percentile(p))),
    count('requests, none missing', 1_000, total.ok),
  ]
}

function milliseconds(name: string, truth: number, readingNs: number): Reading {
  return { name, truth, reading: readingNs / 1e6, unit: 'ms', tolerance: { share: 0.02, absolute: loopMs } }
}

function count(name: string, truth: number, reading: number): Reading {
  return { name, truth, reading, unit: '', tolerance: {} }
}
