import { errorsOf } from '@cloudbench/core'
import type {
  CheckResult,
  EndReason,
  Interval,
  PhaseResult,
  Run,
  RunError,
  RunResult,
  Scenario,
  ScenarioResult,
  Verdict,
  VerdictReason,
} from '@cloudbench/core'
import type { Attributes, SpanContext, SpanStatus } from '@opentelemetry/api'
import { SpanStatusCode } from '@opentelemetry/api'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { ATTR_EXCEPTION_MESSAGE, ATTR_EXCEPTION_TYPE } from '@opentelemetry/semantic-conventions'
import { phaseAttributes } from '../metrics/readings.ts'
import { hrTimeOf } from '../time.ts'
import { spanIdOf, traceIdOf } from './ids.ts'
import { requestSpan } from './request-span.ts'
import { contextOf, spanOf, type SpanParts, type SpanSource } from './span.ts'

/** The spans of a run, each once it is over: run, scenarios, phases, intervals, and requests in traces of their own. */
export class RunSpans {
  readonly #run: Run
  readonly #source: SpanSource
  #scenario: Scenario | undefined
  /** Of the scenario. */
  #phases = 0

  constructor(run: Run, source: SpanSource) {
    this.#run = run
    this.#source = source
  }

  startScenario(scenario: Scenario): void {
    this.#scenario = scenario
    this.#phases = 0
  }

  phase(result: PhaseResult): ReadableSpan[] {
    const { phase, startedAt, elapsedMs, intervals, flows, breaches } = result
    const number = this.#phases++
    const context = this.#contextOf(phase.scenario, number)
    const endMs = endOf(result)
    const own: SpanParts = {
      name: `phase ${phase.name}`,
      context,
      parent: this.#contextOf(phase.scenario),
      start: hrTimeOf(startedAt),
      end: hrTimeOf(startedAt, endMs),
      attributes: {
        ...phaseAttributes(phase),
        'cloudbench.phase.planned_duration': phase.durationMs / 1000,
        'cloudbench.phase.duration': elapsedMs / 1000,
        ...countsOf(flows),
      },
      ...(breaches.length > 0 && { status: { code: SpanStatusCode.ERROR, message: breaches.join('; ') } }),
    }
    return [
      ...intervals.flatMap((interval, at) => this.#interval(interval, startedAt, context, [number, at])),
      spanOf(this.#source, own),
    ]
  }

  scenario({ scenario, phases, reason, exitCode, checks, errors, verdict }: ScenarioResult): ReadableSpan {
    const { id, description, tags, workers, dispatch, seed } = scenario
    const first = phases[0]
    const last = phases.at(-1)
    const end = last ? hrTimeOf(last.startedAt, endOf(last)) : hrTimeOf(this.#run.startedAt)
    return spanOf(this.#source, {
      name: `scenario ${id}`,
      context: this.#contextOf(id),
      parent: this.#contextOf(),
      start: hrTimeOf(first?.startedAt ?? this.#run.startedAt),
      end,
      attributes: {
        'cloudbench.scenario': id,
        'cloudbench.scenario.description': description,
        'cloudbench.scenario.tags': [...tags],
        'cloudbench.scenario.workers': workers,
        'cloudbench.scenario.dispatch': dispatch,
        'cloudbench.scenario.seed': seed,
        'cloudbench.exit_code': exitCode,
        'cloudbench.reason': reason,
        ...(verdict && verdictAttributes(verdict)),
      },
      status: statusOf(reason, checks, errors, verdict),
      events: [
        ...(verdict?.reasons ?? []).map((own) => ({
          name: 'verdict',
          time: end,
          attributes: reasonAttributes(own),
        })),
        ...checks.map((check) => ({ name: 'check', time: end, attributes: checkAttributes(check) })),
        ...errors.map((error) => ({ name: 'exception', time: end, attributes: errorAttributes(error) })),
      ],
    })
  }

  run({ run, endedAt, reason, exitCode, checks, errors }: RunResult): ReadableSpan {
    const end = hrTimeOf(endedAt)
    return spanOf(this.#source, {
      name: 'cloudbench run',
      context: this.#contextOf(),
      start: hrTimeOf(run.startedAt),
      end,
      attributes: {
        'cloudbench.run.id': run.id,
        'cloudbench.run.name': run.name,
        'cloudbench.run.config_digest': run.configDigest,
        'cloudbench.exit_code': exitCode,
        'cloudbench.reason': reason,
      },
      status: statusOf(reason, checks, errors),
      events: errors.map((error) => ({ name: 'exception', time: end, attributes: errorAttributes(error) })),
    })
  }

  #interval(
    interval: Interval,
    phaseStartedAt: Date,
    parent: SpanContext,
    path: readonly number[],
  ): ReadableSpan[] {
    const { phase, startMs, endMs, flows, requests = [], requestsDropped = 0 } = interval
    const context = this.#contextOf(phase.scenario, ...path)
    const own: SpanParts = {
      name: 'interval',
      context,
      parent,
      start: hrTimeOf(phaseStartedAt, startMs),
      end: hrTimeOf(phaseStartedAt, endMs),
      attributes: {
        ...phaseAttributes(phase),
        ...countsOf(flows),
        ...(requestsDropped > 0 && { 'cloudbench.requests.dropped_spans': requestsDropped }),
      },
      links: requests.map(({ traceId, spanId, sampled, flow, outcome }) => ({
        context: contextOf(traceId, spanId, sampled),
        attributes: { 'cloudbench.flow': flow, 'cloudbench.outcome': outcome },
      })),
    }
    const flowsByName = new Map(this.#scenario?.flows.map((flow) => [flow.name, flow]))
    return [
      spanOf(this.#source, own),
      ...requests.map((request) =>
        spanOf(
          this.#source,
          requestSpan(request, flowsByName.get(request.flow), { phaseStartedAt, interval: context }),
        ),
      ),
    ]
  }

  #contextOf(...path: readonly (string | number)[]): SpanContext {
    return contextOf(traceIdOf(this.#run.id), spanIdOf(this.#run.id, ...path))
  }
}

/** When the last answers were in: after its schedule. */
function endOf({ elapsedMs, intervals }: PhaseResult): number {
  return Math.max(elapsedMs, intervals.at(-1)?.endMs ?? 0)
}

function countsOf(flows: PhaseResult['flows']): Attributes {
  const total = (count: (metrics: PhaseResult['flows'][number]['total']) => number): number =>
    flows.reduce((sum, flow) => sum + count(flow.total), 0)
  return {
    'cloudbench.requests': total(({ sent }) => sent),
    'cloudbench.requests.failed': total(errorsOf),
    'cloudbench.unsent': total(({ unsent }) => unsent),
  }
}

/** What went wrong, the errors first. */
function statusOf(
  reason: EndReason,
  checks: readonly CheckResult[],
  errors: readonly RunError[],
  verdict?: Verdict,
): SpanStatus {
  if (reason === 'passed') return { code: SpanStatusCode.OK }
  const failed = checks.filter(({ status }) => status === 'failed' || status === 'invalid')
  const [worst] = reason === 'invalid' ? (verdict?.reasons ?? []) : []
  const told = [
    ...errors.map(({ source, during, message }) => `${source}, ${during}: ${message}`),
    ...failed.map(({ name, expected, actual }) => `${name} is ${actual}, expected ${expected}`),
    ...(worst === undefined ? [] : [worst.text]),
  ]
  return { code: SpanStatusCode.ERROR, message: told.join('; ') || reason }
}

function verdictAttributes({ validity, reasons, limitedBy, signals }: Verdict): Attributes {
  return {
    'cloudbench.validity': validity,
    'cloudbench.verdict.reasons': [...new Set(reasons.map(({ code }) => code))],
    'cloudbench.verdict.signals': signals.length,
    'cloudbench.verdict.signals.read': signals.filter((signal) => signal.validity !== 'unknown').length,
    ...(limitedBy !== undefined && { 'cloudbench.limited_by': limitedBy }),
  }
}

function reasonAttributes(reason: VerdictReason): Attributes {
  const { code, validity, text, advice, observed, threshold, unit, flow, worker } = reason
  return {
    'cloudbench.verdict.code': code,
    'cloudbench.validity': validity,
    'cloudbench.verdict.text': text,
    'cloudbench.verdict.advice': advice,
    ...(observed !== undefined && { 'cloudbench.verdict.observed': observed }),
    ...(threshold !== undefined && { 'cloudbench.verdict.threshold': threshold }),
    ...(unit !== undefined && { 'cloudbench.verdict.unit': unit }),
    ...(flow !== undefined && { 'cloudbench.flow': flow }),
    ...(worker !== undefined && { 'cloudbench.worker': worker }),
  }
}

function checkAttributes({ name, status, expected, actual, validity }: CheckResult): Attributes {
  return {
    ...(validity !== undefined && { 'cloudbench.validity': validity }),
    'cloudbench.check.name': name,
    'cloudbench.check.status': status,
    'cloudbench.check.expected': expected,
    'cloudbench.check.actual': actual,
  }
}

function errorAttributes({ source, during, message }: RunError): Attributes {
  return {
    [ATTR_EXCEPTION_TYPE]: `${source}, ${during}`,
    [ATTR_EXCEPTION_MESSAGE]: message,
  }
}
