import { randomUUID } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { createLocalAgent, type Agent } from '../agent/agent.ts'
import type { RunPlan } from '../config/plan.ts'
import { CloudbenchError, messageOf } from '../errors.ts'
import { Host } from '../hooks/host.ts'
import { mergeIntervals } from '../metrics/intervals.ts'
import type { CheckResult, Run, RunError, RunResult, ScenarioResult } from '../plugin/model.ts'
import { withErrors } from '../result/reason.ts'
import { appendOnly } from './append-only.ts'
import type { CeilingOptions } from './ceilings.ts'
import { describeScenario } from './describe-scenario.ts'
import type { RunOptions } from './options.ts'
import { createOutput } from './output.ts'
import { loadPlugins, type LoadedPlugins } from './plugins.ts'
import { runScenario, type ReadyScenario, type ScenarioOptions } from './scenario.ts'
import { createSteps, type Steps } from './steps.ts'
import { createTargets, type ReadyTarget, type Targets } from './targets.ts'
import { reporterTerminal, terminalLog } from './terminal.ts'

/**
 * Runs the scenarios of a plan, one after another, and notifies every reporter.
 *
 * Resolves with the result, even when scenarios failed; `exitCode` says how the process should end. Rejects, with a
 * `CloudbenchError`, when the run could not start as configured; everything has been undone then.
 */
export async function runBenchmark(plan: RunPlan, options: RunOptions): Promise<RunResult> {
  const terminal = reporterTerminal(options.terminal, plan.redact)
  const host = new Host({ mergeIntervals, around: appendOnly, hurry: options.interrupt })
  const steps = createSteps((step) => void host.call('step', step), plan.redact)
  const log = terminalLog(options.terminal, plan.redact, (message) => steps.detail(message))
  let agent: Agent | undefined
  options.onPending?.(() => [...host.pending, ...(agent?.pending ?? [])])
  let targets: Targets | undefined
  const kill = (): void => agent?.kill()
  options.kill?.addEventListener('abort', kill)
  const closing: RunError[] = []
  let result: RunResult | undefined
  try {
    const plugins = await loadPlugins(plan, {
      bundledFrom: options.bundledFrom,
      known: options.known,
      terminal,
      output: createOutput(plan.outputFolder, plan.redact),
      log,
      redact: plan.redact,
      interrupt: options.interrupt,
      onDriver: (url) => options.spares?.preload(url),
    })
    options.onScreen?.(plugins.screen, plugins.isRead)
    for (const plugin of [...plan.plugins, ...plugins.reporters]) host.use(plugin)
    await host.call('config:resolved', plan.config)
    agent = createLocalAgent({
      environments: plugins.environments,
      log,
      facts: options.facts,
      spares: options.spares,
      interrupt: options.interrupt,
    })
    steps.begin('looking at this machine')
    await agent.discover()
    await agent.apply()
    await agent.watch()
    targets = createTargets({
      agent,
      drivers: plugins.drivers,
      provision: options.provision,
      redact: plan.redact,
      interrupt: options.interrupt,
      steps,
    })
    result = await runAll({ plan, options, host, agent, targets, plugins, steps, log })
  } finally {
    options.kill?.removeEventListener('abort', kill)
    await host.call('close')
    closing.push(...host.takeErrors())
    closing.push(...((await agent?.close()) ?? []))
    closing.push(...((await targets?.close()) ?? []))
  }
  return withLate(result, closing, plan.redact, options.interrupt)
}

interface Everything {
  readonly plan: RunPlan
  readonly options: RunOptions
  readonly host: Host
  readonly agent: Agent
  readonly targets: Targets
  readonly plugins: LoadedPlugins
  readonly steps: Steps
  readonly log: ReturnType<typeof terminalLog>
}

async function runAll({
  plan,
  options,
  host,
  agent,
  targets,
  plugins,
  steps,
  log,
}: Everything): Promise<RunResult> {
  const { interrupt } = options
  const { redact } = plan
  const sized: ReadyScenario[] = []
  const folder = fileURLToPath(new URL('.', plan.resolveFrom))
  const id = runId()
  const { version } = options
  const { outputFolder } = plan
  const own = { run: id, version, outputFolder, log: log('core') }
  const shared = { ...own, agent, drivers: plugins.drivers, folder, redact, interrupt, steps }
  for (const scenario of plugins.scenarios) {
    const one = await readyScenario(scenario, targets, plugins, redact)
    sized.push(scenario.workers === 'auto' && !one.obstacle ? await sizedScenario(one, shared) : one)
  }
  const { environment } = plan
  const ready = await calibrated(sized, { ...options, agent, environment, plugins: plugins.infos })
  const run: Run = {
    id,
    name: plan.name,
    startedAt: new Date(),
    scenarios: ready.map(({ scenario }) => scenario),
    machines: [{ name: agent.name, facts: agent.facts }],
    configDigest: plan.configDigest,
    configuration: plan.configuration,
    plugins: plugins.infos,
    version,
  }
  await host.call('run:start', run)

  const scenarios: ScenarioResult[] = []
  for (const scenario of ready) {
    if (interrupt?.aborted) break
    scenarios.push(await runScenario(scenario, { ...shared, host }))
  }
  await host.drained()

  const checks: CheckResult[] = scenarios.flatMap((scenario) => scenario.checks)
  const errors: RunError[] = [...host.takeErrors()]
  const measured = { run, endedAt: new Date(), scenarios, checks, errors }
  try {
    await host.call('run:evaluate', measured, checks)
  } catch (error) {
    errors.push({ source: 'run', during: 'run:evaluate', message: redact(messageOf(error)) })
  }
  const evaluated = { ...measured, endedAt: new Date(), errors: [], reason: 'passed', exitCode: 0 } as const
  const result = withErrors(evaluated, errors, redact, interrupt?.aborted)
  await host.call('run:end', result)
  return withLate(result, host.takeErrors(), redact, interrupt)
}

/**
 * With what went wrong after the result was told to reporters. An interrupt that came since then changes it only if it cut
 * something short.
 */
function withLate(
  result: RunResult,
  errors: readonly RunError[],
  redact: (text: string) => string,
  interrupt: AbortSignal | undefined,
): RunResult {
  const wasInterrupted = result.reason === 'interrupted'
  return withErrors(result, errors, redact, wasInterrupted || (errors.length > 0 && interrupt?.aborted))
}

/** Scenarios with what is known of the highest rates of their flows. */
async function calibrated(
  ready: readonly ReadyScenario[],
  { ceilingOf, ...options }: Omit<CeilingOptions, 'ceilingOf'> & Pick<RunOptions, 'ceilingOf'>,
): Promise<readonly ReadyScenario[]> {
  if (ceilingOf === undefined) return ready
  return (await import('./ceilings.ts')).withCeilings(ready, { ceilingOf, ...options })
}

/** Finds out how many workers a scenario takes, and why. */
async function sizedScenario(
  ready: ReadyScenario,
  options: Omit<ScenarioOptions, 'host'>,
): Promise<ReadyScenario> {
  const { plan, scenario } = ready
  try {
    const { sizeCrew } = await import('./size-crew.ts')
    const { workers, reason } = await sizeCrew(ready, options)
    return {
      ...ready,
      plan: { ...plan, workers },
      scenario: { ...scenario, workers, workersReason: reason },
    }
  } catch (error) {
    const message = options.redact(messageOf(error))
    return {
      ...ready,
      obstacle: { source: 'target', during: 'calibration of the workers', message, scenario: plan.id },
    }
  }
}

async function readyScenario(
  written: RunPlan['scenarios'][number],
  targets: Targets,
  plugins: LoadedPlugins,
  redact: (text: string) => string,
): Promise<ReadyScenario> {
  // until a calibration says more
  const plan = { ...written, workers: written.workers === 'auto' ? 1 : written.workers }
  const ready: ReadyTarget[] = []
  try {
    for (const flow of plan.flows) ready.push(await targets.of(flow))
  } catch (error) {
    const message = redact(error instanceof CloudbenchError ? error.format() : messageOf(error))
    return {
      plan,
      targets: ready,
      scenario: describeScenario(plan, ready, plugins),
      obstacle: { source: 'target', during: 'start of the service', message, scenario: plan.id },
    }
  }
  return { plan, targets: ready, scenario: describeScenario(plan, ready, plugins) }
}

/** Sorts by time and is unique: `20261123-091500-1f3a`. */
function runId(): string {
  const [date, time] = new Date().toISOString().split('T') as [string, string]
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomUUID().slice(0, 4)}`
}
