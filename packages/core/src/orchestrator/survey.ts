import { hostname } from 'node:os'
import type { LoadedEnvironment } from '../agent/environment-host.ts'
import { argvOf } from '../agent/launch.ts'
import { machineFacts } from '../agent/machine-facts.ts'
import { asCloudbenchError, askEnvironments, type Answers } from '../agent/questions.ts'
import { surveySignals, type SurveyedSignal } from '../agent/signal-survey.ts'
import { environmentOf } from '../config/make-plan.ts'
import type { PluginRef } from '../config/plan.ts'
import type { ResolvedConfig } from '../config/resolved.ts'
import type { CloudbenchError } from '../errors.ts'
import type { Facts } from '../plugin/facts.ts'
import type { RunOptions } from './options.ts'
import { createOutput } from './output.ts'
import { loadPlugins } from './plugins.ts'
import { reporterTerminal, terminalLog } from './terminal.ts'

/** What environments say of this machine. */
export interface Survey extends Pick<Answers, 'derived' | 'advice'> {
  readonly machine: string
  /** In the order in which they were asked. */
  readonly environments: readonly { readonly name: string; readonly isConfigured: boolean }[]
  /** By environment; what the core itself knows is under `machine`. */
  readonly facts: Readonly<Record<string, Facts>>
  /** How workers would be started with the configured environments. */
  readonly workers: readonly SurveyedWorker[]
  /** Every signal that the verdict reads. */
  readonly signals: readonly SurveyedSignal[]
  /** What makes the configured environments fail: they would end a run. */
  readonly faults: readonly CloudbenchError[]
}

export interface SurveyedWorker {
  readonly command: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Which plugin added what. */
  readonly attribution: readonly string[]
}

export interface SurveyOptions extends Pick<RunOptions, 'terminal' | 'bundledFrom' | 'known' | 'facts'> {
  /** Environments to ask beside those that are configured. One that cannot be loaded is left out. */
  readonly beside: readonly string[]
  readonly workers: number
}

/** Asks environments what they know of this machine. Changes nothing, and starts no worker. */
export async function surveyMachine(config: ResolvedConfig, options: SurveyOptions): Promise<Survey> {
  const load = loaderOf(config, options)
  const faults: CloudbenchError[] = []
  const configured: LoadedEnvironment[] = []
  for (const ref of environmentOf(config))
    await load(ref).then(
      (loaded) => configured.push(loaded),
      (error: unknown) => faults.push(asCloudbenchError(error)),
    )
  const names = new Set(configured.map(({ plugin }) => plugin.name))
  const others: LoadedEnvironment[] = []
  for (const specifier of options.beside.filter((name) => !names.has(name)))
    await load({ specifier, options: {} }).then(
      (loaded) => others.push(loaded),
      // `plugins` says why
      () => undefined,
    )

  const facts: Record<string, Facts> = { machine: machineFacts(), ...options.facts }
  const log = terminalLog(options.terminal, (text) => config.redact(text))
  // one after the other: what was discovered by those that are configured is there for the rest
  const own = await askEnvironments({
    environments: configured,
    log,
    facts,
    isDiscovered: options.facts !== undefined,
    workers: options.workers,
  })
  const rest = await askEnvironments({ environments: others, log, facts, workers: 0 })
  try {
    const entry =
      (isConfigured: boolean) =>
      ({ plugin }: LoadedEnvironment) => ({ name: plugin.name, isConfigured })
    return {
      machine: hostname(),
      environments: [...configured.map(entry(true)), ...others.map(entry(false))],
      facts,
      derived: [...own.derived, ...rest.derived],
      advice: [...own.advice, ...rest.advice],
      workers: own.workers.map(({ launch, attribution }) => ({
        command: argvOf(launch),
        env: launch.env,
        attribution,
      })),
      signals: await surveySignals(new Map([...own.watchers, ...rest.watchers])),
      faults: [...faults, ...own.faults],
    }
  } finally {
    await rest.close()
    await own.close()
  }
}

/** Loads one environment, so that one that fails leaves the others. */
function loaderOf(
  config: ResolvedConfig,
  { terminal: shared, bundledFrom, known }: SurveyOptions,
): (ref: PluginRef) => Promise<LoadedEnvironment> {
  const redact = (text: string): string => config.redact(text)
  const terminal = reporterTerminal(shared, redact)
  const log = terminalLog(shared, redact)
  const output = createOutput(config.folder, redact)
  return async (ref) => {
    const plan = { scenarios: [], reporters: [], environment: [ref], resolveFrom: config.resolveFrom }
    const { environments } = await loadPlugins(plan, { bundledFrom, known, terminal, output, log, redact })
    return environments[0]!
  }
}
