import { ratePerSecond } from '@cloudbench/core'
import type {
  CheckResult,
  FlowMetrics,
  GeneratorSample,
  HistogramView,
  Interval,
  MachineSignals,
  Metrics,
  Phase,
  PhaseResult,
  ScenarioResult,
} from '@cloudbench/core'
import type { Attributes } from '@opentelemetry/api'
import {
  flow,
  generator,
  machine,
  operation,
  phase,
  quantiles,
  verdict,
  type Instrument,
} from './instruments.ts'

/** What an instrument shows of some stretch of time: a gauge its value, any other what it grew by. */
export interface Reading {
  readonly instrument: Instrument
  readonly attributes: Attributes
  readonly value: number | HistogramView
}

const shownQuantiles = { '0.5': 50, '0.9': 90, '0.95': 95, '0.99': 99, '0.999': 99.9, '1': 100 }

/** Everything that is told of an interval. */
export function intervalReadings(interval: Interval): Reading[] {
  const { flows, generators, signals, missing } = interval
  const attributes = phaseAttributes(interval.phase)
  return [
    ...flows.flatMap((metrics) => flowReadings(metrics, interval)),
    ...generators.flatMap((sample) => generatorReadings(sample, attributes)),
    ...signals.flatMap((sample) => signalReadings(sample, attributes)),
    { instrument: generator.missing, attributes, value: missing },
  ]
}

/** What is told of a phase once it is over: its quantiles are not those of its intervals. */
export function phaseReadings(result: PhaseResult): Reading[] {
  return result.flows.flatMap((metrics) =>
    Object.entries(metrics.operations).flatMap(([name, measured]) => {
      const attributes = operationAttributes(result.phase, metrics.flow, name)
      const value = ratePerSecond(measured, result.elapsedMs)
      return [
        ...quantileReadings(phase, measured, isOpen(result.phase, metrics.flow), attributes),
        { instrument: phase.throughput, attributes, value },
      ]
    }),
  )
}

/** What was sampled on machines after the last interval had been told. */
export function lateReadings({ phase: of, signals }: PhaseResult, told: readonly Interval[]): Reading[] {
  const grownBy = new Map<string, number>()
  const key = (name: string, counter: string): string => JSON.stringify([name, counter])
  for (const { machine: name, counters } of told.flatMap((interval) => interval.signals))
    for (const [counter, value] of Object.entries(counters))
      grownBy.set(key(name, counter), (grownBy.get(key(name, counter)) ?? 0) + value)
  return signals.flatMap(({ machine: name, counters }) => {
    const rest = Object.entries(counters)
      .map(([counter, value]) => [counter, value - (grownBy.get(key(name, counter)) ?? 0)] as const)
      .filter(([, value]) => value !== 0)
    return signalReadings(
      { machine: name, gauges: {}, counters: Object.fromEntries(rest) },
      phaseAttributes(of),
    )
  })
}

export function checkReading({ name, scenario, status }: CheckResult): Reading {
  const attributes = {
    'cloudbench.scenario': scenario,
    'cloudbench.check.name': name,
    'cloudbench.check.status': status,
  }
  return { instrument: verdict.check, attributes, value: 1 }
}

/** Of operations there would be too many. */
const told = /^(rate|(response|service)\.p(50|90|99|99\.9))$/

/** What the numbers of a scenario are worth. */
export function validityReadings({ scenario, verdict: judged }: ScenarioResult): Reading[] {
  if (judged === undefined) return []
  const attributes = { 'cloudbench.scenario': scenario.id }
  const numbers = judged.numbers.filter(
    ({ flow: own, operation: of, metric }) => own !== undefined && of === undefined && told.test(metric),
  )
  return [
    {
      instrument: verdict.validity,
      attributes: { ...attributes, 'cloudbench.validity': judged.validity },
      value: 1,
    },
    ...numbers.map(({ flow: own = '', metric, validity }) => ({
      instrument: verdict.number,
      attributes: {
        ...attributes,
        'cloudbench.flow': own,
        'cloudbench.metric': metric,
        'cloudbench.validity': validity,
      },
      value: 1,
    })),
  ]
}

export function phaseAttributes({ scenario, name, kind }: Phase): Attributes {
  return { 'cloudbench.scenario': scenario, 'cloudbench.phase': name, 'cloudbench.phase.kind': kind }
}

function operationAttributes(of: Phase, flowName: string, name: string): Attributes {
  return { ...phaseAttributes(of), 'cloudbench.flow': flowName, 'cloudbench.operation': name }
}

function isOpen(of: Phase, flowName: string): boolean {
  return of.loads[flowName]?.model === 'open'
}

function flowReadings(metrics: FlowMetrics, { phase: of, startMs, endMs }: Interval): Reading[] {
  const { connections, bytes, inFlightMs, counters, recorders } = metrics
  const attributes = { ...phaseAttributes(of), 'cloudbench.flow': metrics.flow }
  // means are over the schedule
  const scheduledMs = Math.min(endMs, of.durationMs) - startMs
  const reading = (instrument: Instrument, value: number, more: Attributes = {}): Reading => ({
    instrument,
    attributes: { ...attributes, ...more },
    value,
  })
  return [
    ...Object.entries(metrics.operations).flatMap(([name, measured]) =>
      operationReadings(measured, isOpen(of, metrics.flow), operationAttributes(of, metrics.flow, name)),
    ),
    ...(scheduledMs > 0
      ? [
          reading(flow.connections, connections.openMs / scheduledMs),
          reading(flow.inFlight, inFlightMs / scheduledMs),
        ]
      : []),
    reading(flow.opened, connections.opened),
    reading(flow.refused, connections.refused),
    reading(flow.bytes, bytes.sent, { 'network.io.direction': 'transmit' }),
    reading(flow.bytes, bytes.received, { 'network.io.direction': 'receive' }),
    ...Object.entries(counters).map(([name, value]) =>
      reading(flow.driverCount, value, { 'cloudbench.counter': name }),
    ),
    ...Object.entries(recorders).map(([name, value]) => ({
      instrument: flow.driverDuration,
      attributes: { ...attributes, 'cloudbench.recorder': name },
      value,
    })),
  ]
}

function operationReadings(metrics: Metrics, open: boolean, attributes: Attributes): Reading[] {
  const { service, lag, outcomes, timedOut, unanswered, unsent, censored } = metrics
  const ended = (outcome: string, ok: boolean, answered: boolean, value: number): Reading => ({
    instrument: operation.requests,
    attributes: {
      ...attributes,
      'cloudbench.outcome': outcome,
      'cloudbench.ok': ok,
      'cloudbench.answered': answered,
    },
    value,
  })
  return [
    ...requestViews(metrics, open).map(([distribution, value]) => ({
      instrument: operation.requestDuration,
      attributes: { ...attributes, 'cloudbench.distribution': distribution },
      value,
    })),
    { instrument: operation.serviceDuration, attributes, value: service },
    ...(open ? [{ instrument: operation.lag, attributes, value: lag }] : []),
    ...quantileReadings(quantiles, metrics, open, attributes),
    ...Object.entries(outcomes).map(([name, { ok, count }]) => ended(name, ok, true, count)),
    ended('timedOut', false, false, timedOut),
    ended('unanswered', false, false, unanswered),
    { instrument: operation.unsent, attributes, value: unsent },
    { instrument: operation.censored, attributes, value: censored },
  ]
}

/** Together they hold every request. */
function requestViews(
  { response, service, failures }: Metrics,
  open: boolean,
): readonly (readonly [distribution: string, view: HistogramView])[] {
  return [open ? ['response', response] : ['service', service], ['failures', failures]]
}

function quantileReadings(
  of: { readonly [Name in keyof typeof quantiles]: Instrument },
  metrics: Metrics,
  open: boolean,
  attributes: Attributes,
): Reading[] {
  const readings = (instrument: Instrument, view: HistogramView, more: Attributes = {}): Reading[] =>
    view.count === 0
      ? []
      : Object.entries(shownQuantiles).map(([quantile, percent]) => ({
          instrument,
          attributes: { ...attributes, ...more, quantile },
          value: (quantile === '1' ? view.max : view.percentile(percent)) / 1e9,
        }))
  return [
    ...requestViews(metrics, open).flatMap(([distribution, view]) =>
      readings(of.requestDuration, view, { 'cloudbench.distribution': distribution }),
    ),
    ...readings(of.serviceDuration, metrics.service),
    ...readings(of.lag, metrics.lag),
  ]
}

function generatorReadings(sample: GeneratorSample, phaseOf: Attributes): Reading[] {
  const attributes = { ...phaseOf, 'cloudbench.worker': sample.worker }
  const values = [
    [generator.cpu, sample.cpuMs / 1000],
    [generator.busy, sample.busy],
    [generator.gcCount, sample.gcCount],
    [generator.gcTime, sample.gcMs / 1000],
    [generator.gcMax, sample.gcMaxMs / 1000],
    [generator.allocated, sample.allocatedBytes],
    [generator.memory, sample.rssBytes],
    [generator.lag, sample.lag],
    [generator.hiccup, sample.hiccup],
  ] as const
  const kinds = {
    minor: sample.gcMinorMs,
    major: sample.gcMajorMs,
    incremental: sample.gcIncrementalMs,
    weak: sample.gcWeakMs,
  }
  return [
    ...values.map(([instrument, value]) => ({ instrument, attributes, value })),
    ...Object.entries(kinds).map(([kind, ms]) => ({
      instrument: generator.gcKindTime,
      attributes: { ...attributes, 'cloudbench.gc.kind': kind },
      value: ms / 1000,
    })),
  ]
}

function signalReadings({ machine: name, gauges, counters }: MachineSignals, phaseOf: Attributes): Reading[] {
  const attributes = (signal: string): Attributes => ({
    ...phaseOf,
    'host.name': name,
    'cloudbench.signal': signal,
  })
  return [
    ...Object.entries(gauges).flatMap(([signal, { mean, max }]) => [
      { instrument: machine.gauge, attributes: attributes(signal), value: mean },
      { instrument: machine.gaugeMax, attributes: attributes(signal), value: max },
    ]),
    ...Object.entries(counters).map(([signal, value]) => ({
      instrument: machine.counter,
      attributes: attributes(signal),
      value,
    })),
  ]
}
