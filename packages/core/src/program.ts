// `@cloudbench/core/program`: what a program that runs benchmarks needs. Plugins import `@cloudbench/core`.

export { configJsonSchema } from './config/json-schema.ts'
export { reportersWith } from './config/environment-layer.ts'
export { loadConfig } from './config/load.ts'
export { parseManifest } from './config/manifest.ts'
export { parseRef, refOf } from './config/plugin-ref.ts'
export { makePlan } from './config/make-plan.ts'
export { createSpares } from './agent/spares.ts'
export { machineFacts } from './agent/machine-facts.ts'
export { factVocabulary } from './plugin/facts.ts'
export { signalVocabulary } from './plugin/signals.ts'
export { nearest } from './text/suggest.ts'
export { callConfigHooks } from './hooks/config-hooks.ts'
export { lifecycle } from './hooks/lifecycle.ts'
export { packageOf, resolvePlugin } from './loading/resolve.ts'
export { withErrors } from './result/reason.ts'
export { isRefused, wasAllowed } from './checks/validity.ts'
export { claimOf } from './orchestrator/claims.ts'
export {
  deriveSettings,
  readResult,
  replayResults,
  resultJsonSchema,
  runBenchmark,
  surveyMachine,
} from './orchestrator/later.ts'
export { importPlugin } from './loading/import.ts'
export { parseOptions } from './loading/options.ts'
export { providePackage } from './loading/provide.ts'
export { workloadOf } from './loading/workload.ts'
export { saltOf, uniform } from './load/random.ts'
export { failureName } from './worker/failure-name.ts'
export { createFlowHooks } from './worker/flow-hooks.ts'
export { Shares } from './worker/shares.ts'
export { Lane, type RequestSlot, type SlotOwner } from './worker/slots.ts'
export { Tally } from './worker/tally.ts'

export type { LoadOptions } from './config/load.ts'
export type { DriverManifest, PluginManifest } from './config/manifest.ts'
export type { Derivation } from './orchestrator/derive.ts'
export type * from './config/plan.ts'
export type { WrittenRef } from './config/plugin-ref.ts'
export type { ConfigEntry, ResolvedConfig } from './config/resolved.ts'
export type { Spares } from './agent/spares.ts'
export type { KnownPlugin, PluginSources } from './loading/resolve.ts'
export type { CeilingOf, Provided, RunOptions } from './orchestrator/options.ts'
export type { ReplayOptions } from './orchestrator/replay.ts'
export type { Survey } from './orchestrator/survey.ts'
export type { FlowHooks } from './worker/flow-hooks.ts'
export type { Holder } from './worker/shares.ts'
