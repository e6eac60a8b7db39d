// `@cloudbench/core/host`: what a program that runs benchmarks needs. Plugins import `@cloudbench/core`.

export { runBenchmark } from './orchestrator/run.ts'

export type { Provided, RunOptions } from './orchestrator/options.ts'
export type * from './config/plan.ts'
