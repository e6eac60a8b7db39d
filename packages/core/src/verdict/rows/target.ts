import { errorShareOf } from '../../metrics/metrics.ts'
import { behindOf } from '../behind.ts'
import { isOpen } from '../measurement.ts'
import type { Observation, SignalRow } from '../signal-row.ts'

/** What the requests themselves say. */
export const targetRows = [
  {
    name: 'errors',
    unit: 'share',
    suspectAbove: 0.001,
    invalidAbove: 0.01,
    code: 'ERRORS',
    text: 'Of the requests that were sent, the share that failed or was not answered, in the flow with the most. Latencies are of those that succeeded.',
    source: 'the counts of requests',
    advice: 'look at the outcomes: what fails fast or is given up says nothing about latency',
    concerns: 'own',
    say: (observed) => `${observed} of the requests went wrong`,
    read: ({ flows }) =>
      worst(
        flows.map(({ flow, total }) => ({ value: errorShareOf(total), flow })),
        'no request was sent',
      ),
  },
  {
    name: 'unsent',
    unit: 'share',
    suspectAbove: 0.005,
    invalidAbove: 0.05,
    code: 'LOWER_BOUND',
    text: 'In an open loop, of what came due the share that was not sent before the schedule ended, in the flow with the most.',
    source: 'the counts of requests, and the requests in flight at the end',
    advice: 'see what limited the rate',
    concerns: 'own',
    say: (observed) => `${observed} of what came due was not sent in time`,
    read: (measurement) =>
      worst(
        measurement.flows
          .filter(({ flow }) => isOpen(measurement, flow))
          .map((flow) => ({ value: behindOf(measurement, flow), flow: flow.flow })),
        'nothing came due: there was no open loop',
      ),
  },
] as const satisfies readonly SignalRow[]

function worst(all: readonly Observation[], missing: string): Observation | { readonly missing: string } {
  const known = all.filter(({ value }) => !Number.isNaN(value))
  const [first, ...others] = known
  return first === undefined
    ? { missing }
    : others.reduce((most, one) => (one.value > most.value ? one : most), first)
}
