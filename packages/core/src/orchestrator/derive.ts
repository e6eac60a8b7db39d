import { createLocalAgent } from '../agent/agent.ts'
import type { Derived } from '../config/derived-layer.ts'
import { environmentOf } from '../config/make-plan.ts'
import type { ResolvedConfig } from '../config/resolved.ts'
import type { Facts } from '../plugin/facts.ts'
import type { RunOptions } from './options.ts'
import { createOutput } from './output.ts'
import { loadPlugins } from './plugins.ts'
import { reporterTerminal, terminalLog } from './terminal.ts'

export interface Derivation {
  readonly derived: Derived
  /** What was discovered for it; absent when no environment derives anything. For `runBenchmark`. */
  readonly facts: Readonly<Record<string, Facts>> | undefined
}

/** Discovers this machine, and lets the configured environments derive settings from it. Changes nothing. */
export async function deriveSettings(
  config: ResolvedConfig,
  { terminal: shared, bundledFrom, known }: Pick<RunOptions, 'terminal' | 'bundledFrom' | 'known'>,
): Promise<Derivation> {
  const redact = (text: string): string => config.redact(text)
  const environment = environmentOf(config)
  const terminal = reporterTerminal(shared, redact)
  const log = terminalLog(shared, redact)
  const plan = { scenarios: [], reporters: [], environment, resolveFrom: config.resolveFrom }
  const output = createOutput(config.folder, redact)
  const { environments } = await loadPlugins(plan, { bundledFrom, known, terminal, output, log, redact })
  if (environments.every(({ plugin }) => plugin.derive === undefined))
    return { derived: new Map(), facts: undefined }
  const agent = createLocalAgent({ environments, log })
  try {
    await agent.discover()
    return { derived: await agent.derive(), facts: agent.facts }
  } finally {
    await agent.close()
  }
}
