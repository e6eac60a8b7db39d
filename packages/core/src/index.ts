export { CloudbenchError, messageOf } from './errors.ts'
export { residencyOf, reuseOf } from './checks/efficiency.ts'
export { defineConfig } from './config/define.ts'
export { flatLine, rateAsked } from './result/flat-line.ts'
export { within } from './hooks/deadline.ts'
export { Histogram } from './metrics/histogram.ts'
export {
  errorShareOf,
  errorsOf,
  measuredOf,
  ratePerSecond,
  sumFlow,
  sumFlowLists,
  sumFlows,
  sumMetrics,
} from './metrics/metrics.ts'
export { sumGenerators } from './metrics/intervals.ts'
export { sumSignals } from './metrics/signals.ts'
export { requestCostOf } from './metrics/cost.ts'
export { isOpenLoop } from './metrics/open-loop.ts'
export { readBytes } from './loading/read-file.ts'
export { isRefused } from './checks/validity.ts'
export { resultFile } from './result/file.ts'
export {
  brandOf,
  defineDriver,
  defineEnvironment,
  defineReporter,
  defineWorkload,
  pluginApi,
} from './plugin/define.ts'

export type { Config } from './config/schema.ts'
export type { ErrorCode, ErrorDetails } from './errors.ts'
export type { HookName, Hooks, Listener, Plugin } from './hooks/lifecycle.ts'
export type { FlatLine } from './result/schema.ts'
export type { Measured } from './metrics/metrics.ts'
export type { Awaitable, Json, Logger } from './plugin/common.ts'
export type { FactName, Facts, KnownFacts } from './plugin/facts.ts'
export type { Brand, PluginKind } from './plugin/define.ts'
export type { ResultFile } from './result/schema.ts'
export type * from './plugin/driver.ts'
export type * from './plugin/environment.ts'
export type * from './plugin/reporter.ts'
export type * from './plugin/model.ts'
export type * from './plugin/schema.ts'
export type * from './plugin/verdict.ts'
export type { SignalName } from './plugin/signals.ts'
