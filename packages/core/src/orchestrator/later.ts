import type { RunPlan } from '../config/plan.ts'
import type { ResolvedConfig } from '../config/resolved.ts'
import type { RunResult } from '../plugin/model.ts'
import type { Derivation } from './derive.ts'
import type { RunOptions } from './options.ts'
import type { ReplayOptions } from './replay.ts'
import type { Survey, SurveyOptions } from './survey.ts'

// the large parts of a program, each loaded when it is called: most commands need none of them. What they do is said where
// they are.

export async function runBenchmark(plan: RunPlan, options: RunOptions): Promise<RunResult> {
  return (await import('./run.ts')).runBenchmark(plan, options)
}

export async function replayResults(files: readonly string[], options: ReplayOptions): Promise<RunResult> {
  return (await import('./replay.ts')).replayResults(files, options)
}

export async function deriveSettings(
  config: ResolvedConfig,
  options: Pick<RunOptions, 'terminal' | 'bundledFrom' | 'known'>,
): Promise<Derivation> {
  if ((config.tree.environment ?? []).length === 0) return { derived: new Map(), facts: undefined }
  return (await import('./derive.ts')).deriveSettings(config, options)
}

export async function surveyMachine(config: ResolvedConfig, options: SurveyOptions): Promise<Survey> {
  return (await import('./survey.ts')).surveyMachine(config, options)
}

export async function readResult(path: string): Promise<RunResult> {
  return (await import('../result/read.ts')).readResult(path)
}

/** The JSON Schema of a result file. */
export async function resultJsonSchema(): Promise<unknown> {
  return (await import('../result/schema.ts')).resultJsonSchema()
}
