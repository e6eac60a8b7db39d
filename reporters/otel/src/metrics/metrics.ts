import type { Reporter, Run } from '@cloudbench/core'
import type { ResourceMetrics } from '@opentelemetry/sdk-metrics'
import { metricExporter } from '../delivery/exporter.ts'
import { resourceOf, scopeOf } from '../resource.ts'
import { createSender, type Context } from '../sender.ts'
import type { Settings } from '../settings.ts'
import { metricDataOf } from './metric-data.ts'
import { RunPoints } from './run-points.ts'
import type { Point } from './series.ts'
import { temporalityOf } from './temporality.ts'

/** Sends the metrics of every interval when it is over. */
export function createMetrics(run: Run, settings: Settings, context: Context): Reporter {
  const { redact } = context
  const resource = resourceOf(run, redact)
  const scope = scopeOf(run)
  const points = new RunPoints(run, { temporalityOf: temporalityOf(settings.temporality), redact })
  const sender = createSender<Point, ResourceMetrics>({
    settings,
    context,
    what: 'data points',
    createExporter: metricExporter,
    pack: (items) => ({
      resource,
      scopeMetrics: items.length > 0 ? [{ scope, metrics: metricDataOf(items) }] : [],
    }),
  })
  return {
    onRunStart: () => sender.check(),
    onInterval: (interval) => sender.send(points.interval(interval)),
    onPhaseEnd: (result) => sender.send(points.phase(result)),
    onScenarioEnd: (result) => sender.send(points.scenario(result)),
    onRunEnd: (result) => sender.finish(points.run(result)),
    close: () => sender.close(),
  }
}
