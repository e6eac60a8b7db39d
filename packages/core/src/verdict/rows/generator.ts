import type { Scenario } from '../../plugin/model.ts'
import { disturbanceOf } from '../disturbance.ts'
import { isOpen, measuresGenerator, peakRateOf, type Measurement, type Worker } from '../measurement.ts'
import type { Observation, Reading, SignalRow } from '../signal-row.ts'
import { loopGap } from './loop-gap.ts'

const lighter = 'use more workers (--workers), a lower rate, or a larger machine'

/** A pause of the load thread that counts as one. */
const pauseNs = 10e6

/** What the load threads measured of themselves. */
export const generatorRows = [
  {
    name: 'disturbance',
    unit: 'share',
    suspectAbove: 0.1,
    invalidAbove: 0.5,
    code: 'GENERATOR_LAG',
    text: 'How much of a quantile the generator itself may have added: the same quantile of its pauses and of its lag, whichever is larger, of the latency. The worst of p50, p90, p95 and p99; other quantiles are judged by theirs. Less than 0.2 ms counts as none.',
    source: '`hiccup` and `lag` of the generators',
    advice: `${lighter}; stop what else runs on the machine`,
    concerns: 'own',
    say: (observed) => `the generator may have added ${observed}`,
    read: readDisturbance,
  },
  {
    name: 'stalled',
    unit: 'share',
    suspectAbove: 0.05,
    invalidAbove: 0.15,
    code: 'GENERATOR_LAG',
    text: 'Share of the time in which the load threads were held up for more than 10 ms. The run as a whole is invalid above the second threshold, if it is a second or more in all.',
    source: '`hiccup` of the generators',
    advice: `stop what else runs on the machine; ${lighter}`,
    concerns: 'own',
    say: (observed) => `the load thread was held up for more than 10 ms in ${observed} of the time`,
    read: readStalled,
  },
  {
    name: 'busy',
    unit: 'share',
    suspectAbove: 0.7,
    invalidAbove: 0.85,
    code: 'GENERATOR_BUSY',
    text: 'Share of the time in which the event loop of the busiest worker was not waiting. Unknown with `dispatch: spin` and `hybrid`, which never wait, and where closed loops measure the generator itself.',
    source: '`busy` of the generators',
    advice: lighter,
    concerns: 'own',
    say: (observed) => `the busiest worker was busy for ${observed} of the time`,
    read: readBusy,
  },
  {
    name: 'ceiling',
    unit: 'share',
    suspectAbove: 0.5,
    invalidAbove: 0.8,
    code: 'GENERATOR_CEILING',
    text: 'The rate that was asked for, of the highest rate that this machine can offer.',
    source: '`cloudbench calibrate`: `ceiling` of the flows',
    advice: lighter,
    concerns: 'own',
    say: (observed) => `the rate is ${observed} of what this machine can offer`,
    read: readCeiling,
  },
  {
    name: 'gcShare',
    unit: 'share',
    suspectAbove: 0.01,
    invalidAbove: 0.05,
    code: 'GC',
    text: 'Share of the time that the worker with the most spent in garbage collections.',
    source: '`gcMs` of the generators',
    advice: 'give workers a larger heap (--environment memory), or use more workers',
    concerns: 'tails',
    say: (observed) => `garbage collections took ${observed} of the time`,
    read: (measurement) => worstWorker(measurement, ({ sample, spanMs }) => sample.gcMs / spanMs),
  },
  {
    name: 'gcLongest',
    unit: 'share',
    suspectAbove: 0.1,
    invalidAbove: 0.5,
    code: 'GC',
    text: 'The longest garbage collection, of the smallest p99 of a flow.',
    source: '`gcMaxMs` of the generators',
    advice: 'give workers a larger heap (--environment memory)',
    concerns: 'tails',
    say: (observed) => `the longest garbage collection took ${observed} of the p99`,
    read: readLongest,
  },
  {
    name: 'loopGap',
    unit: 'share',
    suspectAbove: 0.05,
    invalidAbove: 0.2,
    code: 'CLOSED_LOOP_GAP',
    text: 'In a closed loop, the time between requests that is neither spent in a request nor in thinking, of the time that is: N/X − (R + Z).',
    source: 'the interactive response time law, with the requests in flight',
    advice: 'use more workers, or fewer connections',
    concerns: 'own',
    say: (observed) => `connections were idle for ${observed} of the time that requests took`,
    read: loopGap,
  },
] as const satisfies readonly SignalRow[]

function readDisturbance(measurement: Measurement): Reading {
  const { flows, hiccup } = measurement
  if (hiccup.count === 0) return { missing: 'no hiccups were measured' }
  const observations = flows.flatMap((flow) =>
    [0.5, 0.9, 0.95, 0.99].flatMap((q): Observation[] => {
      const basis = isOpen(measurement, flow.flow) ? 'due' : 'sent'
      const metrics = flow.total
      const latency = basis === 'due' ? metrics.response : metrics.service
      const disturbance = disturbanceOf(measurement, { basis, q }, { flows: [flow], metrics: [metrics] })
      if (disturbance === undefined || latency.count === 0) return []
      return [
        {
          value: shareOf(disturbance.ns, latency.percentile(100 * q)),
          flow: flow.flow,
          ...worstStretch(measurement),
        },
      ]
    }),
  )
  return worst(observations) ?? { missing: 'no latencies that it could have disturbed' }
}

function readStalled(measurement: Measurement): Reading {
  const { hiccup } = measurement
  if (hiccup.count === 0) return { missing: 'no hiccups were measured' }
  return { value: 1 - hiccup.countAtMost(pauseNs) / hiccup.count, ...worstStretch(measurement) }
}

/** Where load threads were held up for the longest. */
export function worstStretch({ stretches }: Measurement): Pick<Observation, 'window'> {
  const heldUp = stretches.map(({ generators }) =>
    generators.reduce((sum, { hiccup }) => sum + (hiccup.count > 0 ? hiccup.sum : 0), 0),
  )
  const at = heldUp.reduce((most, sum, index) => (sum > heldUp[most]! ? index : most), 0)
  const stretch = stretches[at]
  if (stretch === undefined || heldUp[at] === 0) return {}
  const { phase, startMs, endMs } = stretch
  return { window: { phase: phase.name, startMs, endMs } }
}

function readBusy(measurement: Measurement): Reading {
  const { scenario } = measurement.evidence
  if (neverWaits(scenario)) return { missing: `with dispatch ${scenario.dispatch} a worker never waits` }
  const { flows } = measurement
  if (flows.length > 0 && flows.every(({ flow }) => measuresGenerator(measurement, flow)))
    return { missing: 'a closed loop on the loopback keeps the generator busy: it is what is measured' }
  return worstWorker(measurement, ({ sample }) => sample.busy)
}

/** It waits in a loop: a CPU is used up either way. */
function neverWaits({ dispatch }: Scenario): boolean {
  return dispatch === 'spin' || dispatch === 'hybrid'
}

/** Flows share the generator: each takes a part of what it could do for that flow alone. */
function readCeiling(measurement: Measurement): Reading {
  const flows = measurement.evidence.scenario.flows.filter(({ name }) => isOpen(measurement, name))
  if (flows.length === 0) return { missing: 'no rate was asked for: there was no open loop' }
  const parts = flows.map((flow) => peakRateOf(measurement, flow.name) / (flow.ceiling?.perSecond ?? 0))
  const value = parts.reduce((sum, part) => sum + part, 0)
  return Number.isFinite(value)
    ? { value }
    : { missing: 'this machine was not calibrated for it: cloudbench calibrate' }
}

function readLongest(measurement: Measurement): Reading {
  const p99s = measurement.flows.flatMap(({ total: { response, service } }) => {
    const latency = response.count > 0 ? response : service
    return latency.count > 0 ? [latency.percentile(99)] : []
  })
  if (p99s.length === 0) return { missing: 'there were no latencies' }
  const p99Ns = Math.min(...p99s)
  const longest = worstWorker(measurement, ({ sample }) => shareOf(sample.gcMaxMs * 1e6, p99Ns))
  if ('missing' in longest) return longest
  const busiest = worstWorker(measurement, ({ sample, spanMs }) => sample.gcMs / spanMs)
  return { ...longest, reach: 'missing' in busiest ? 1 : busiest.value }
}

function worstWorker({ workers }: Measurement, read: (worker: Worker) => number): Reading {
  const observations = workers
    .filter(({ spanMs }) => spanMs > 0)
    .map((worker) => ({ value: read(worker), worker: worker.worker }))
  return worst(observations) ?? { missing: 'no worker measured itself' }
}

function worst(observations: readonly Observation[]): Observation | undefined {
  const [first, ...others] = observations
  return first && others.reduce((most, one) => (one.value > most.value ? one : most), first)
}

function shareOf(ns: number, ofNs: number): number {
  return ns === 0 ? 0 : ofNs > 0 ? ns / ofNs : 1
}
