import { measuredOf, sumFlows } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { realGateway, standIn, withoutPushgateway } from './support/gateway.ts'
import { run, steady } from './support/run.ts'
import { seriesOf, sum } from './support/series.ts'

const mixed = { target: 'server', workload: 'mixed', timeout: '150ms', drain: '50ms' }

test.skipIf(withoutPushgateway)(
  'every request is counted, however it ended: open and closed loops, a warm-up, failures, timeouts, and what was never sent',
  async () => {
    const gateway = await realGateway()
    const { result } = await run({
      options: { pushgateway: gateway.url },
      scenarios: {
        'open/steady': steady,
        closed: { ...steady, rate: undefined, think: '1ms' },
        mixed: { ...mixed, rate: '400/s', connections: 4 },
        'closed mixed': { ...mixed, connections: 4, think: '1ms' },
        both: {
          flows: { a: steady, b: { target: 'server', workload: 'mixed', connections: 2, think: '2ms' } },
          timeout: '150ms',
        },
      },
    })
    expect(result.errors).toEqual([])
    const series = seriesOf(await gateway.metrics())
    const totals = result.scenarios.map((scenario) => ({
      id: scenario.scenario.id,
      total: sumFlows(measuredOf(scenario).flows).total,
    }))
    // what is to be counted did happen
    for (const kind of ['failed', 'timedOut', 'unsent'] as const)
      expect(
        totals.some(({ total }) => total[kind] > 0),
        kind,
      ).toBe(true)
    for (const { id, total } of totals) {
      const of = (name: string, labels = {}): number =>
        sum(series, `cloudbench_${name}`, { scenario: id, ...labels })
      expect(of('request_duration_seconds_count') - of('unsent_total'), id).toBe(total.sent)
      expect(of('request_duration_seconds_bucket', { le: '+Inf' }) - of('unsent_total'), id).toBe(total.sent)
      expect(of('requests_total'), id).toBe(total.sent)
      expect(of('requests_total', { ok: 'true' }), id).toBe(total.ok)
      expect(of('requests_total', { outcome: 'timed out' }), id).toBe(total.timedOut)
      expect(of('unsent_total'), id).toBe(total.unsent)
      expect(of('service_duration_seconds_count'), id).toBe(total.sent - total.failed)
      expect(of('request_duration_seconds_count', { distribution: 'failures' }), id).toBe(total.failed)
    }
  },
)

test('while a run goes on counts only grow, and begin with zero in the warm-up', async () => {
  const gateway = await standIn()
  const { result } = await run({ options: { pushgateway: gateway.url }, defaults: { warmup: '500ms' } })
  expect(result.errors).toEqual([])
  const counts = gateway.asked.map(({ body }) => sum(seriesOf(body), 'cloudbench_requests_total'))
  const known = counts.filter((count) => !Number.isNaN(count))
  expect(known[0]).toBe(0)
  expect(known).toEqual(known.toSorted((a, b) => a - b))
  expect(known.at(-1)).toBe(sumFlows(measuredOf(result.scenarios[0]!).flows).total.sent)
  // so that what is told of an interval is told before the end
  expect(new Set(known).size).toBeGreaterThan(2)
})
