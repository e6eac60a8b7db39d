import { defineReporter, type Reporter } from '@cloudbench/core'
import { createMetrics } from './metrics/metrics.ts'
import { options } from './options.ts'
import { checkResourceAttributes } from './resource.ts'
import { eachOf } from './sender.ts'
import { settingsOf } from './settings.ts'
import { createTraces } from './traces/traces.ts'

/** Metrics and traces of a run, over OTLP. */
export default defineReporter({
  name: 'otel',
  options,
  create({ options: given, log, redact }) {
    const settings = settingsOf(given, process.env)
    checkResourceAttributes()
    if (settings.length === 0) {
      log.warn('nothing is exported: OTEL_SDK_DISABLED or OTEL_…_EXPORTER says so')
      return {}
    }
    let reporters: readonly Reporter[] = []
    return {
      onRunStart(run) {
        reporters = settings.map((own) =>
          (own.signal === 'traces' ? createTraces : createMetrics)(run, own, { log, redact }),
        )
        return eachOf(reporters, (reporter) => reporter.onRunStart?.(run))
      },
      onScenarioStart: (scenario) => eachOf(reporters, (reporter) => reporter.onScenarioStart?.(scenario)),
      onInterval: (interval) => eachOf(reporters, (reporter) => reporter.onInterval?.(interval)),
      onPhaseEnd: (result) => eachOf(reporters, (reporter) => reporter.onPhaseEnd?.(result)),
      onScenarioEnd: (result) => eachOf(reporters, (reporter) => reporter.onScenarioEnd?.(result)),
      onRunEnd: (result) => eachOf(reporters, (reporter) => reporter.onRunEnd?.(result)),
      close: () => eachOf(reporters, (reporter) => reporter.close?.()),
    }
  },
})
