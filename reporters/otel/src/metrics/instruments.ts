import { InstrumentType } from '@opentelemetry/sdk-metrics'

export interface Instrument {
  readonly name: string
  readonly unit: string
  readonly description: string
  /** What temporality preferences go by. */
  readonly type: InstrumentType
  readonly isWhole?: true
}

type Make = (name: string, unit: string, description: string) => Instrument

function made(type: InstrumentType, isWhole?: true): Make {
  return (name, unit, description) => ({ name, unit, description, type, ...(isWhole && { isWhole }) })
}

const counter = made(InstrumentType.COUNTER, true)
const observed = made(InstrumentType.OBSERVABLE_COUNTER)
const observedUpDown = made(InstrumentType.OBSERVABLE_UP_DOWN_COUNTER)
const gauge = made(InstrumentType.GAUGE)
const histogram = made(InstrumentType.HISTOGRAM)
const durations = (name: string, description: string): Instrument => histogram(name, 's', description)

/** What is told of an operation of a flow. */
export const operation = {
  requestDuration: durations(
    'cloudbench.request.duration',
    'Every request: cloudbench.distribution is response (from due, open loop), service (from sent, closed loop) or failures',
  ),
  serviceDuration: durations('cloudbench.service.duration', 'From when the request was sent'),
  lag: durations('cloudbench.lag', 'From when a request was due until it was sent'),
  requests: counter('cloudbench.requests', '{request}', 'Requests sent, by how they ended'),
  unsent: counter('cloudbench.unsent', '{request}', 'Requests that came due and were never sent'),
  censored: counter('cloudbench.censored', '{request}', 'Durations that are lower bounds'),
} as const

/** Exact quantiles of the distributions, beside their buckets. */
export const quantiles = {
  requestDuration: gauge('cloudbench.request.duration.quantile', 's', 'Of the interval'),
  serviceDuration: gauge('cloudbench.service.duration.quantile', 's', 'Of the interval'),
  lag: gauge('cloudbench.lag.quantile', 's', 'Of the interval'),
} as const

/** Once at the end of a phase. */
export const phase = {
  requestDuration: gauge('cloudbench.phase.request.duration.quantile', 's', 'Of the whole phase'),
  serviceDuration: gauge('cloudbench.phase.service.duration.quantile', 's', 'Of the whole phase'),
  lag: gauge('cloudbench.phase.lag.quantile', 's', 'Of the whole phase'),
  throughput: gauge('cloudbench.phase.throughput', '{request}/s', 'Requests answered per second'),
} as const

export const flow = {
  connections: gauge('cloudbench.connections', '{connection}', 'Open connections, on average'),
  opened: counter('cloudbench.connections.opened', '{connection}', 'Connections that were opened'),
  refused: counter('cloudbench.connections.refused', '{connection}', 'Connections that could not be opened'),
  inFlight: gauge('cloudbench.requests.in_flight', '{request}', 'Requests in flight, on average'),
  bytes: observed('cloudbench.network.io', 'By', 'Payload bytes, as the driver counts them'),
  driverCount: observedUpDown('cloudbench.driver.count', '1', 'Counters of the driver and of the server'),
  driverDuration: durations('cloudbench.driver.duration', 'Distributions that the driver records'),
} as const

export const generator = {
  cpu: observed('cloudbench.generator.cpu.time', 's', 'User and system time of the worker'),
  busy: gauge('cloudbench.generator.busy', '1', 'Share of the time in which the event loop was not waiting'),
  gcCount: observed('cloudbench.generator.gc.count', '{collection}', 'Garbage collections'),
  gcTime: observed('cloudbench.generator.gc.time', 's', 'Time in garbage collections'),
  gcMax: gauge('cloudbench.generator.gc.max', 's', 'The longest garbage collection'),
  allocated: observed('cloudbench.generator.memory.allocated', 'By', 'What the heap allocated'),
  memory: gauge('cloudbench.generator.memory.usage', 'By', 'Resident memory'),
  gcKindTime: observed('cloudbench.generator.gc.kind.time', 's', 'Time in garbage collections of a kind'),
  hiccup: durations(
    'cloudbench.generator.hiccup',
    'How long something that came due at any moment would have waited for the load thread',
  ),
  lag: durations('cloudbench.generator.lag', 'How late requests were sent although a connection was free'),
  missing: gauge('cloudbench.generator.missing', '{worker}', 'Workers that had not reported in time'),
} as const

/** What environments sample. */
export const machine = {
  gauge: gauge(
    'cloudbench.machine.gauge',
    '1',
    'Gauges of environments, on average; units are in their names',
  ),
  gaugeMax: gauge('cloudbench.machine.gauge.max', '1', 'Gauges of environments, the largest sample'),
  counter: observedUpDown('cloudbench.machine.counter', '1', 'Counters of environments'),
} as const

export const verdict = {
  check: gauge('cloudbench.check', '1', 'Always 1; cloudbench.check.status says how it ended'),
  validity: gauge(
    'cloudbench.scenario.validity',
    '1',
    'Always 1; cloudbench.validity says what the numbers are worth',
  ),
  number: gauge(
    'cloudbench.number.validity',
    '1',
    'Of rate and quantiles of each flow, always 1; cloudbench.validity says what it is worth',
  ),
  scenario: gauge(
    'cloudbench.scenario.exit_code',
    '1',
    '0 passed, 1 failed, 2 errored, 3 invalid, 130 interrupted',
  ),
  run: gauge('cloudbench.run.exit_code', '1', '0 passed, 1 failed, 2 errored, 3 invalid, 130 interrupted'),
} as const
