import { measuredOf, sumFlows } from '@cloudbench/core'
import { freePort } from '@cloudbench/fixtures/free-port'
import { expect, test } from 'vitest'
import { edgesOf } from '../src/edges.ts'
import { dashboard, expressionsOf } from './support/dashboard.ts'
import { realGateway, withoutPushgateway } from './support/gateway.ts'
import { realPrometheus, until, withoutPrometheus } from './support/prometheus.ts'
import { run, steady } from './support/run.ts'

/** A real Prometheus interpolates within a bucket. */
const rounding = 1e-12

/** What has no value in a run that goes well, or in one without a cache. */
const mayBeEmpty = new Set(['cloudbench_phase'])

test.skipIf(withoutPushgateway || withoutPrometheus)(
  'a real Prometheus computes the p99 of the result file within a bucket, pushed and scraped, and fills the dashboard',
  async () => {
    const gateway = await realGateway()
    const port = await freePort()
    const prometheus = await realPrometheus([
      { name: 'pushgateway', target: gateway.url, honorsLabels: true },
      { name: 'scraped', target: `127.0.0.1:${port}` },
    ])
    // it looks for its targets some seconds after its start
    await until(async () => (await prometheus.value('up{job="pushgateway"}')) === 1)
    const { result } = await run({
      options: { pushgateway: gateway.url, listen: port, cluster: 'blue', linger: '25s' },
      scenarios: {
        steady: {
          ...steady,
          warmup: '5s',
          duration: '3s',
          interval: '500ms',
          checks: { 'response.p99': '< 8ms' },
        },
      },
    })
    expect(result.errors).toEqual([])
    const { total } = sumFlows(measuredOf(result.scenarios[0]!).flows)
    const p99 = total.response.percentile(99) / 1e9
    const edges = [
      0,
      ...edgesOf(result.run.scenarios[0]!.checks ?? []).map((edgeNs) => edgeNs / 1e9),
      Infinity,
    ]
    const at = edges.findIndex((edge) => p99 <= edge)

    for (const job of ['cloudbench', 'scraped']) {
      await until(
        async () =>
          (await prometheus.value(`sum(cloudbench_request_duration_seconds_count{job="${job}"})`)) ===
          total.sent,
      )
      // as the issue has it
      const expression = `histogram_quantile(0.99, sum(rate(cloudbench_request_duration_seconds_bucket{job="${job}"}[5m])) by (le, cluster))`
      const [quantile] = await prometheus.query(expression)
      expect(quantile!.metric, job).toEqual({ cluster: 'blue' })
      expect(Number(quantile!.value[1]), `${job}: p99 ${p99} s`).toBeGreaterThanOrEqual(
        edges[at - 1]! * (1 - rounding),
      )
      expect(Number(quantile!.value[1]), `${job}: p99 ${p99} s`).toBeLessThanOrEqual(
        edges[at]! * (1 + rounding),
      )
    }

    for (const { title, expr } of expressionsOf(dashboard)) {
      const found = await prometheus.query(expr)
      if (!Array.from(mayBeEmpty).some((name) => expr.includes(name)))
        expect(found.length, `${title}: ${expr}`).toBeGreaterThan(0)
    }
  },
)
