import type { Reporter, Run } from '@cloudbench/core'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { traceExporter } from '../delivery/exporter.ts'
import { resourceOf, scopeOf } from '../resource.ts'
import { createSender, type Context } from '../sender.ts'
import type { Settings } from '../settings.ts'
import { RunSpans } from './run-spans.ts'

/**
 * Sends the spans of a phase when it is over: of a long one, neighbouring intervals have then become one, as they are in
 * the result file.
 */
export function createTraces(run: Run, settings: Settings, context: Context): Reporter {
  const { redact } = context
  const spans = new RunSpans(run, { resource: resourceOf(run, redact), scope: scopeOf(run), redact })
  const sender = createSender<ReadableSpan, ReadableSpan[]>({
    settings,
    context,
    what: 'spans',
    createExporter: traceExporter,
    pack: (items) => [...items],
  })
  return {
    onRunStart: () => sender.check(),
    onScenarioStart: (scenario) => spans.startScenario(scenario),
    onPhaseEnd: (result) => sender.send(spans.phase(result)),
    onScenarioEnd: (result) => sender.send([spans.scenario(result)]),
    onRunEnd: (result) => sender.finish([spans.run(result)]),
    close: () => sender.close(),
  }
}
