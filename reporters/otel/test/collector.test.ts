import type { Metrics, RunResult } from '@cloudbench/core'
import { describe, expect, test } from 'vitest'
import type { Received, ReceivedPoint } from './received.ts'
import { run } from './run.ts'
import { useCollector, withoutCollector } from './servers/collector.ts'

const checks = { 'errors.rate': '<= 90%' }
const scenarios = {
  open: { target: 'server', workload: 'mixed', rate: '200/s', connections: 4, tags: ['a', 'b'], checks },
  closed: { target: 'server', workload: 'mixed', connections: 2, checks },
}

/** Of an operation of the fixture, in a phase. */
function of(points: Received['points'], name: string, attributes: object): ReceivedPoint[] {
  return points.filter(
    (point) =>
      point.name === name &&
      Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
  )
}

/** What is in the file for a stream of sums: of a cumulative one the last, of deltas all of them. */
function total(points: readonly ReceivedPoint[], read: (point: ReceivedPoint) => number): number {
  const isDelta = points.some(({ temporality }) => temporality === 1)
  return isDelta ? points.reduce((sum, point) => sum + read(point), 0) : read(points.at(-1)!)
}

/** Every operation that was measured, with the attributes that it has. */
function measured(
  result: RunResult,
): { readonly attributes: object; readonly metrics: Metrics; readonly isOpen: boolean }[] {
  return result.scenarios.flatMap(({ scenario, phases }) =>
    phases.flatMap(({ phase, flows }) =>
      flows.flatMap(({ flow, operations }) =>
        Object.entries(operations).map(([operation, metrics]) => ({
          attributes: {
            'cloudbench.scenario': scenario.id,
            'cloudbench.phase': phase.name,
            'cloudbench.flow': flow,
            'cloudbench.operation': operation,
          },
          metrics,
          isOpen: phase.loads[flow]!.model === 'open',
        })),
      ),
    ),
  )
}

function expectMetrics({ points }: Received, result: RunResult): void {
  for (const { attributes, metrics, isOpen } of measured(result)) {
    const ended = (outcome: string): number =>
      total(
        of(points, 'cloudbench.requests', { ...attributes, 'cloudbench.outcome': outcome }),
        ({ value }) => value,
      )
    for (const [name, { count }] of Object.entries(metrics.outcomes)) expect(ended(name)).toBe(count)
    expect(ended('timedOut')).toBe(metrics.timedOut)
    expect(ended('unanswered')).toBe(metrics.unanswered)
    const unsent = of(points, 'cloudbench.unsent', attributes)
    expect(total(unsent, ({ value }) => value)).toBe(metrics.unsent)

    const main = isOpen ? 'response' : 'service'
    const views = [
      ['request.duration', metrics[main], { 'cloudbench.distribution': main }],
      ['request.duration', metrics.failures, { 'cloudbench.distribution': 'failures' }],
      ['service.duration', metrics.service, {}],
      ...(isOpen ? [['lag', metrics.lag, {}] as const] : []),
    ] as const
    for (const [name, view, more] of views) {
      const own = of(points, `cloudbench.${name}`, { ...attributes, ...more })
      expect(own.length).toBeGreaterThan(0)
      expect(total(own, ({ histogram }) => histogram!.count)).toBe(view.count)
      const filled = ({ histogram }: ReceivedPoint): number =>
        histogram!.counts.reduce((sum, count) => sum + count, histogram!.zeroCount)
      expect(total(own, filled)).toBe(view.count)
      expect(total(own, ({ histogram }) => histogram!.sum)).toBeCloseTo(view.sum / 1e9, 9)
      if (view.count > 0) expect(Math.max(...own.map(({ histogram }) => histogram!.max))).toBe(view.max / 1e9)
      expect(own.every(({ histogram }) => histogram!.counts.length <= 160)).toBe(true)
      if (view.count === 0) continue
      for (const [quantile, percent] of Object.entries({
        0.5: 50,
        0.9: 90,
        0.95: 95,
        0.99: 99,
        0.999: 99.9,
      })) {
        const [gauge, ...others] = of(points, `cloudbench.phase.${name}.quantile`, {
          ...attributes,
          ...more,
          quantile,
        })
        expect(others).toEqual([])
        expect(gauge!.value).toBe(view.percentile(percent) / 1e9)
      }
      const [largest] = of(points, `cloudbench.phase.${name}.quantile`, {
        ...attributes,
        ...more,
        quantile: '1',
      })
      expect(largest!.value).toBe(view.max / 1e9)
    }
  }
}

function expectTraces({ spans }: Received, result: RunResult): void {
  const nanos = (date: Date): bigint => BigInt(date.getTime()) * 1_000_000n
  const named = (name: string): Received['spans'] => spans.filter((span) => span.name === name)
  const [root] = named('cloudbench run')
  expect(root).toMatchObject({ parentSpanId: '', status: { code: 1 } })
  expect([root!.startNs, root!.endNs]).toEqual([nanos(result.run.startedAt), nanos(result.endedAt)])
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1)
  const phases = result.scenarios.flatMap((scenario) => scenario.phases)
  expect(named('interval').length).toBe(phases.reduce((sum, { intervals }) => sum + intervals.length, 0))
  expect(spans.length).toBe(1 + result.scenarios.length + phases.length + named('interval').length)
  for (const { scenario, phases: own } of result.scenarios) {
    const [parent] = named(`scenario ${scenario.id}`)
    expect(parent!.parentSpanId).toBe(root!.spanId)
    for (const { phase, startedAt, flows } of own) {
      const span = spans.find(({ parentSpanId }) => parentSpanId === parent!.spanId)!
      expect(span.name).toBe(`phase ${phase.name}`)
      expect(span.startNs).toBe(nanos(startedAt))
      expect(span.attributes['cloudbench.requests']).toBe(
        flows.reduce((sum, { total: { sent } }) => sum + sent, 0),
      )
      const intervals = spans.filter(({ parentSpanId }) => parentSpanId === span.spanId)
      const requests = intervals.map(({ attributes }) => Number(attributes['cloudbench.requests']))
      expect(requests.reduce((sum, sent) => sum + sent, 0)).toBe(span.attributes['cloudbench.requests'])
    }
  }
}

describe.skipIf(withoutCollector)('a real collector', () => {
  const startCollector = useCollector()
  test.for([
    { protocol: 'http/protobuf', compression: 'none', temporality: 'cumulative' },
    { protocol: 'http/protobuf', compression: 'gzip', temporality: 'delta' },
    { protocol: 'http/json', compression: 'none', temporality: 'lowmemory' },
    { protocol: 'http/json', compression: 'gzip', temporality: 'cumulative' },
  ])('has everything of a run of a second: %j', async (options) => {
    const collector = await startCollector()
    const { result } = await run({ endpoint: collector.url, ...options }, scenarios, '1s')
    const received = await collector.stop()
    expect(result.errors).toEqual([])
    expect(result.exitCode).toBe(0)
    expectMetrics(received, result)
    expectTraces(received, result)
    for (const { resource } of [...received.points, ...received.spans])
      expect(resource).toMatchObject({
        'service.name': 'cloudbench',
        'service.version': '1.2.3',
        'service.instance.id': result.run.id,
        'host.name': result.run.machines[0]!.name,
      })
  })

  test('has the traced requests, under the ids that the target saw, linked with their intervals', async () => {
    const collector = await startCollector()
    const { result } = await run(
      { endpoint: collector.url, signals: ['traces'] },
      { traced: { ...scenarios.open, trace: '1/10' } },
      '1s',
    )
    const { spans } = await collector.stop()
    expect(result.errors).toEqual([])
    const intervals = result.scenarios[0]!.phases[0]!.intervals
    const requests = intervals.flatMap((interval) => interval.requests ?? [])
    expect(requests.length).toBeGreaterThan(10)
    const client = 3
    const sent = spans.filter(({ kind }) => kind === client)
    const idOf = ({ traceId, spanId }: { traceId: string; spanId: string }): string => `${traceId} ${spanId}`
    expect(sent.map(idOf).toSorted()).toEqual(requests.map(idOf).toSorted())
    expect(sent.filter(({ flags }) => (flags & 1) === 1).length).toBe(
      requests.filter(({ sampled }) => sampled).length,
    )
    const linked = spans.filter(({ name }) => name === 'interval').flatMap(({ links }) => links)
    expect(linked.map(idOf).toSorted()).toEqual(requests.map(idOf).toSorted())
    const own = new Set(spans.filter(({ name }) => name === 'interval').map(idOf))
    for (const { links } of sent) expect(own.has(idOf(links[0]!))).toBe(true)
  })
})
