import { requestCostOf } from '../metrics/cost.ts'
import { errorShareOf, errorsOf, measuredOf, ratePerSecond, sumFlows } from '../metrics/metrics.ts'
import type { ScenarioResult } from '../plugin/model.ts'
import type { FlatLine, VerdictLine } from './schema.ts'

/** The flat line of a scenario: its measure phases, all flows together. What was not measured is null. */
export function flatLine(result: ScenarioResult): FlatLine {
  const measured = measuredOf(result)
  const { total } = sumFlows(measured.flows)
  const loads = result.scenario.phases
    .filter(({ kind }) => kind === 'measure')
    .flatMap(({ loads: all }) => Object.values(all))
  const isOpen = loads.length > 0 && loads.every(({ model }) => model === 'open')
  const { service, lag } = total
  const latency = isOpen ? total.response : service
  const { cpuNs, allocatedBytes } = requestCostOf(result)
  return {
    scenario: result.scenario.id,
    duration_sec: round(measured.elapsedMs / 1000, 3),
    tps_avg: round(ratePerSecond(total, measured.elapsedMs), 3),
    latency_p95_ms: ms(latency.percentile(95)),
    error_rate_pct: total.sent === 0 ? null : round(errorShareOf(total) * 100, 4),
    requests: total.sent,
    errors: errorsOf(total),
    unsent: total.unsent,
    latency_basis: isOpen ? 'response' : 'service',
    latency_p50_ms: ms(latency.percentile(50)),
    latency_p90_ms: ms(latency.percentile(90)),
    latency_p99_ms: ms(latency.percentile(99)),
    latency_p999_ms: ms(latency.percentile(99.9)),
    latency_max_ms: latency.count === 0 ? null : ms(latency.max),
    service_p50_ms: ms(service.percentile(50)),
    service_p99_ms: ms(service.percentile(99)),
    lag_p50_ms: ms(lag.percentile(50)),
    lag_p99_ms: ms(lag.percentile(99)),
    rate_asked: isOpen ? round(rateAsked(result), 3) : null,
    workers: result.scenario.workers,
    cpu_us_per_request: figure(cpuNs / 1000),
    allocated_bytes_per_request: figure(allocatedBytes),
    exit: result.exitCode,
    ...verdictLine(result, isOpen ? 'response' : 'service'),
  }
}

/** What the flat line says of the verdict, and the 95 % intervals. */
function verdictLine({ verdict }: ScenarioResult, latency: 'response' | 'service'): VerdictLine {
  const intervalOf = (metric: string) =>
    verdict?.numbers.find((number) => number.flow === undefined && number.metric === metric)?.interval
  const [rate, p50, p95, p99] = ['rate', `${latency}.p50`, `${latency}.p95`, `${latency}.p99`].map(intervalOf)
  return {
    verdict: verdict?.validity ?? null,
    verdict_reasons: [...new Set(verdict?.reasons.map(({ code }) => code))],
    tps_low: figure(rate?.low),
    tps_high: figure(rate?.high),
    latency_p50_low_ms: ms(p50?.low),
    latency_p50_high_ms: ms(p50?.high),
    latency_p95_low_ms: ms(p95?.low),
    latency_p95_high_ms: ms(p95?.high),
    latency_p99_low_ms: ms(p99?.low),
    latency_p99_high_ms: ms(p99?.high),
  }
}

/** Arrivals per second that the measure phases schedule for all open flows, averaged over their durations. */
export function rateAsked({ scenario }: Pick<ScenarioResult, 'scenario'>, flow?: string): number {
  const phases = scenario.phases.filter(({ kind }) => kind === 'measure')
  const durationMs = phases.reduce((sum, phase) => sum + phase.durationMs, 0)
  let arrivals = 0
  for (const { loads } of phases)
    for (const [name, load] of Object.entries(loads)) {
      if (load.model !== 'open' || (flow !== undefined && flow !== name)) continue
      for (const stage of load.stages)
        arrivals += ((stage.fromPerSecond + stage.toPerSecond) * stage.durationMs) / 2000
    }
  return durationMs > 0 ? (arrivals * 1000) / durationMs : 0
}

/** Milliseconds, rounded to microseconds. */
function ms(ns: number | null | undefined): number | null {
  return isFinite(ns) ? Math.round(ns / 1000) / 1000 : null
}

function figure(value: number | null | undefined): number | null {
  return isFinite(value) ? round(value, 3) : null
}

function isFinite(value: number | null | undefined): value is number {
  return Number.isFinite(value)
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
