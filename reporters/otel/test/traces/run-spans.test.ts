import type {
  Interval,
  Phase,
  PhaseResult,
  Run,
  Scenario,
  ScenarioResult,
  TracedRequest,
  Verdict,
} from '@cloudbench/core'
import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { expect, test } from 'vitest'
import { spanIdOf, traceIdOf } from '../../src/traces/ids.ts'
import { RunSpans } from '../../src/traces/run-spans.ts'

const startedAt = new Date('2026-03-01T12:00:00.000Z')
const phase: Phase = { name: 'measure', kind: 'measure', scenario: 'steady', durationMs: 1_000, loads: {} }
const scenario: Scenario = {
  id: 'steady',
  description: 'password-1',
  tags: ['nightly', 'password-1'],
  flows: [
    {
      name: 'main',
      driver: 'redis',
      workload: 'read',
      target: { name: 'cache', url: 'redis://10.0.0.7:6380', origin: 'given' },
    },
  ],
  phases: [phase],
  workers: 1,
  dispatch: 'tick',
  seed: 1,
  intervalMs: 1_000,
}
const run: Run = {
  id: 'run-1',
  name: 'a run',
  startedAt,
  scenarios: [scenario],
  machines: [],
  configDigest: '',
  plugins: [],
  version: '1.2.3',
}
const traced: TracedRequest = {
  flow: 'main',
  operation: 'get',
  outcome: 'hit',
  ok: true,
  index: 41,
  dueMs: 10,
  sentMs: 10.25,
  doneMs: 11.75,
  connection: 3,
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  sampled: true,
}
const slow: TracedRequest = {
  ...traced,
  outcome: 'timedOut',
  ok: false,
  spanId: '00f067aa0ba902b7',
  traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
  doneMs: 900,
  sampled: false,
}
const interval: Interval = {
  phase,
  startMs: 0,
  endMs: 1_000,
  flows: [],
  generators: [],
  signals: [],
  missing: 0,
  requests: [traced, slow],
  requestsDropped: 5,
}
const result: PhaseResult = {
  phase,
  startedAt,
  elapsedMs: 1_000,
  flows: [],
  generators: [],
  signals: [],
  intervals: [interval],
  breaches: [],
}
const ended: ScenarioResult = {
  scenario,
  reason: 'failed',
  exitCode: 1,
  phases: [result],
  checks: [
    { name: 'get/response.p99', scenario: 'steady', status: 'failed', expected: '< 5ms', actual: '7 ms' },
  ],
  audits: [],
  errors: [],
  workers: [],
}

function spansOf(verdict?: Verdict) {
  const source = {
    resource: resourceFromAttributes({}),
    scope: { name: 'test' },
    redact: (text: string) => text.replaceAll('password-1', '***'),
  }
  const spans = new RunSpans(run, source)
  spans.startScenario(scenario)
  const [own, first, second, whole] = spans.phase(result)
  return {
    own: own!,
    first: first!,
    second: second!,
    whole: whole!,
    scenario: spans.scenario({ ...ended, ...(verdict && { verdict }) }),
  }
}

test('a request has the ids that the target saw, and its real times', () => {
  const { first } = spansOf()
  const { traceId, spanId } = traced
  expect(first.spanContext()).toEqual({ traceId, spanId, traceFlags: 1 })
  expect(first.parentSpanContext).toBeUndefined()
  expect(first).toMatchObject({
    name: 'redis get',
    kind: SpanKind.CLIENT,
    startTime: [startedAt.getTime() / 1000, 10_250_000],
    endTime: [startedAt.getTime() / 1000, 11_750_000],
    status: { code: SpanStatusCode.UNSET },
    attributes: {
      'db.system.name': 'redis',
      'db.operation.name': 'get',
      'server.address': '10.0.0.7',
      'server.port': 6380,
      'cloudbench.request.index': 41,
      'cloudbench.outcome': 'hit',
      'cloudbench.lag': 0.00025,
    },
    events: [{ name: 'due', time: [startedAt.getTime() / 1000, 10_000_000] }],
  })
})

test('one that the target was not to trace says so, and one that failed is an error', () => {
  const { second } = spansOf()
  expect(second.spanContext().traceFlags).toBe(0)
  expect(second).toMatchObject({
    status: { code: SpanStatusCode.ERROR, message: 'timedOut' },
    attributes: { 'error.type': 'timedOut' },
  })
})

test('an interval links to its requests, and they to it', () => {
  const { own, first, second } = spansOf()
  expect(own.links.map(({ context }) => context)).toEqual([first.spanContext(), second.spanContext()])
  for (const { links } of [first, second])
    expect(links.map(({ context }) => context)).toEqual([own.spanContext()])
  expect(own.attributes['cloudbench.requests.dropped_spans']).toBe(5)
})

test('everything else is one trace, whose ids follow from the run', () => {
  const { own, whole, scenario: parent } = spansOf()
  for (const span of [own, whole, parent]) expect(span.spanContext().traceId).toBe(traceIdOf('run-1'))
  expect(own.parentSpanContext).toEqual(whole.spanContext())
  expect(whole.parentSpanContext).toEqual(parent.spanContext())
  expect(parent.parentSpanContext!.spanId).toBe(spanIdOf('run-1'))
  expect(spansOf().whole.spanContext()).toEqual(whole.spanContext())
})

test('a scenario that failed says why, and shows no secret', () => {
  const { scenario: span } = spansOf()
  expect(span.status).toEqual({
    code: SpanStatusCode.ERROR,
    message: 'get/response.p99 is 7 ms, expected < 5ms',
  })
  expect(span.events).toMatchObject([{ name: 'check', attributes: { 'cloudbench.check.status': 'failed' } }])
  expect(span.attributes).toMatchObject({
    'cloudbench.scenario.description': '***',
    'cloudbench.scenario.tags': ['nightly', '***'],
  })
})

test('a scenario has its verdict, and an event for each reason, which shows no secret', () => {
  const verdict: Verdict = {
    validity: 'suspect',
    reasons: [
      {
        code: 'GENERATOR_LAG',
        validity: 'invalid',
        text: 'the generator was late at password-1',
        advice: 'use more workers',
        observed: 0.6,
        threshold: 0.5,
        unit: 'share',
        flow: 'main',
      },
      { code: 'CPU_STEAL', validity: 'suspect', text: '12 % was stolen', advice: 'use another machine' },
    ],
    limitedBy: 'generator',
    numbers: [],
    steadyStates: [],
    signals: [
      {
        name: 'steal',
        validity: 'suspect',
        observed: 0.12,
        suspectAbove: 0.01,
        invalidAbove: null,
        unit: 'share',
      },
      { name: 'busy', validity: 'unknown', suspectAbove: 0.7, invalidAbove: 0.85, unit: 'share' },
    ],
    required: 'suspect',
    isInvalidAllowed: false,
  }
  const span = spansOf(verdict).scenario
  expect(span.attributes).toMatchObject({
    'cloudbench.validity': 'suspect',
    'cloudbench.verdict.reasons': ['GENERATOR_LAG', 'CPU_STEAL'],
    'cloudbench.verdict.signals': 2,
    'cloudbench.verdict.signals.read': 1,
    'cloudbench.limited_by': 'generator',
  })
  expect(span.events.filter(({ name }) => name === 'verdict').map(({ attributes }) => attributes)).toEqual([
    {
      'cloudbench.verdict.code': 'GENERATOR_LAG',
      'cloudbench.validity': 'invalid',
      'cloudbench.verdict.text': 'the generator was late at ***',
      'cloudbench.verdict.advice': 'use more workers',
      'cloudbench.verdict.observed': 0.6,
      'cloudbench.verdict.threshold': 0.5,
      'cloudbench.verdict.unit': 'share',
      'cloudbench.flow': 'main',
    },
    {
      'cloudbench.verdict.code': 'CPU_STEAL',
      'cloudbench.validity': 'suspect',
      'cloudbench.verdict.text': '12 % was stolen',
      'cloudbench.verdict.advice': 'use another machine',
    },
  ])
  expect(spansOf().scenario.events.filter(({ name }) => name === 'verdict')).toEqual([])
})

test('a phase lasts until the last answer', () => {
  const late = { ...result, intervals: [{ ...interval, endMs: 1_400 }] }
  const spans = new RunSpans(run, {
    resource: resourceFromAttributes({}),
    scope: { name: 'test' },
    redact: (text) => text,
  })
  spans.startScenario(scenario)
  expect(spans.phase(late).at(-1)!.endTime).toEqual([startedAt.getTime() / 1000 + 1, 400_000_000])
})
