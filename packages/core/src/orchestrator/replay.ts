import type { PluginRef } from '../config/plan.ts'
import { Host } from '../hooks/host.ts'
import { mergeIntervals } from '../metrics/intervals.ts'
import type { RunResult } from '../plugin/model.ts'
import { collectResults } from '../result/collect.ts'
import { mergeResults } from '../result/merge.ts'
import { readResult } from '../result/read.ts'
import { withErrors } from '../result/reason.ts'
import type { RunOptions } from './options.ts'
import { createOutput } from './output.ts'
import { loadPlugins } from './plugins.ts'
import { reporterTerminal, terminalLog } from './terminal.ts'

export interface ReplayOptions extends Pick<RunOptions, 'terminal' | 'bundledFrom' | 'known' | 'onScreen'> {
  readonly reporters: readonly PluginRef[]
  /** Adds runs of one scenario up, as shards are, instead of showing one after another. */
  readonly merge?: boolean
  /** Absolute path. */
  readonly outputFolder: string
  /** `file:` URL that reporters are resolved from. */
  readonly resolveFrom: string
}

/** Plays result files, put together as one, to reporters as if the run were happening. They cannot tell the difference. */
export async function replayResults(files: readonly string[], options: ReplayOptions): Promise<RunResult> {
  const results: RunResult[] = []
  for (const file of files) results.push(await readResult(file))
  const result = options.merge === true ? mergeResults(results) : collectResults(results)
  const redact = (text: string): string => text
  const terminal = reporterTerminal(options.terminal, redact)
  const log = terminalLog(options.terminal, redact)
  const plan = {
    scenarios: [],
    environment: [],
    reporters: options.reporters,
    resolveFrom: options.resolveFrom,
  }
  const { reporters, screen, isRead } = await loadPlugins(plan, {
    bundledFrom: options.bundledFrom,
    known: options.known,
    terminal,
    output: createOutput(options.outputFolder, redact),
    log,
    redact,
  })
  options.onScreen?.(screen, isRead)
  const host = new Host({ mergeIntervals })
  for (const reporter of reporters) host.use(reporter)
  try {
    await play(host, result)
  } finally {
    await host.call('close')
  }
  return withErrors(result, host.takeErrors(), redact)
}

async function play(host: Host, result: RunResult): Promise<void> {
  await host.call('run:start', result.run)
  for (const scenario of result.scenarios) {
    await host.call('scenario:start', scenario.scenario)
    for (const phase of scenario.phases) {
      await host.call('phase:start', phase.phase)
      for (const interval of phase.intervals) await host.call('interval', interval)
      await host.call('phase:end', phase)
    }
    await host.call('scenario:end', scenario)
  }
  await host.drained()
  await host.call('run:end', result)
}
