import { CloudbenchError, type Ceiling } from '@cloudbench/core'
import type { FlowPlan, RunPlan, ScenarioPlan } from '@cloudbench/core/program'
import {
  createStyle,
  formatClient,
  formatCount,
  formatRate,
  parseDuration,
  visible,
  visibleJson,
} from '@cloudbench/core/text'
import { ceilingFile, keepCeilings } from '../calibrate/ceiling-cache.ts'
import { measureCeiling, type Calibrated, type Refused } from '../calibrate/measure-ceiling.ts'
import { isReached, missOf } from '../calibrate/sweep.ts'
import { inColumns } from '../columns.ts'
import type { CommandContext } from '../command-context.ts'
import { watchInterrupts } from '../interrupts.ts'
import type { ConfigArguments, TagArguments } from '../options.ts'
import { loadSettings } from '../settings.ts'

export interface CalibrateArguments extends ConfigArguments, TagArguments {
  readonly driver?: readonly string[]
  readonly duration?: string
  readonly connections?: string
  readonly workers?: string
  readonly environment?: readonly string[]
  readonly json?: boolean
}

/** With what starts and ends beside it, a flow takes less than 30 s. */
const defaultDuration = '24s'
/** Less has no p99 worth the name. */
const leastDurationMs = 1_000

/** Finds the highest rates of the flows of scenarios, and keeps them for later runs. */
export async function calibrate(
  context: CommandContext,
  patterns: readonly string[],
  { driver, duration = defaultDuration, json = false, ...given }: CalibrateArguments,
): Promise<number> {
  const durationMs = parseDuration(duration)
  if (durationMs < leastDurationMs)
    throw new CloudbenchError({
      code: 'CB_USAGE',
      what: `--duration ${duration} is too short to find a highest rate`,
      expected: 'at least 1s',
    })
  const config = await loadSettings(context, given, patterns)
  const { makePlan, runBenchmark } = await import('@cloudbench/core/program')
  const plan = makePlan(config)
  const flows = flowsOf(plan, driver)
  const { terminal, redact, version, bundledFrom } = context
  const interrupts = watchInterrupts(context)
  const { interrupt, kill } = interrupts
  const shared = { terminal, version, bundledFrom, known: config.registry, facts: config.facts }
  const results: Result[] = []
  try {
    for (const { scenario, flow } of flows) {
      const crews = crewsOf(scenario.workers)
      for (const workers of crews) {
        if (interrupt.aborted) break
        terminal.stderr.write(
          redact(`calibrating ${titleOf(scenario.id, flow.name)} with ${workersText(workers)} …\n`),
        )
        const request = { plan, scenario, flow, workers, durationMs: durationMs / crews.length }
        results.push(...(await measureCeiling(request, runBenchmark, { ...shared, interrupt, kill })))
      }
    }
  } finally {
    interrupts.close()
  }
  if (!interrupt.aborted) await keep(results, context)
  if (json) printJson(results, context)
  else printTable(results, context)
  return interrupt.aborted ? 130 : Math.max(0, ...results.map(exitCodeOf))
}

type Result = Calibrated | Refused

/** The flows of the selected scenarios, of these drivers alone if any are named. */
function flowsOf(
  { scenarios }: RunPlan,
  drivers: readonly string[] | undefined,
): { readonly scenario: ScenarioPlan; readonly flow: FlowPlan }[] {
  const all = scenarios.flatMap((scenario) => scenario.flows.map((flow) => ({ scenario, flow })))
  const flows = all.filter(({ flow }) => drivers === undefined || drivers.includes(flow.driver))
  if (flows.length > 0) return flows
  throw new CloudbenchError({
    code: 'CB_USAGE',
    what: `no flow of the selected scenarios has the driver ${drivers?.join(' or ')}`,
    expected: `one of ${[...new Set(all.map(({ flow }) => flow.driver))].join(', ')}`,
  })
}

/** One worker shows what a core can do; as many as the scenario has, what a run can. */
function crewsOf(workers: ScenarioPlan['workers']): readonly number[] {
  return workers === 'auto' || workers === 1 ? [1] : [1, workers]
}

async function keep(results: readonly Result[], { env, terminal }: CommandContext): Promise<void> {
  const measuredAt = new Date().toISOString()
  const found = new Map<string, Ceiling>()
  for (const result of results)
    if ('setup' in result && result.ceiling)
      found.set(result.setup, { perSecond: result.ceiling.perSecond, measuredAt })
  if (found.size === 0) return
  const file = ceilingFile(env)
  try {
    await keepCeilings(file, found)
  } catch (error) {
    terminal.stderr.write(`the ceilings are not kept for later runs: ${file}: ${(error as Error).message}\n`)
  }
}

/** 2: there is no loopback to measure on. 3: none of the rates was reached. */
function exitCodeOf(result: Result): number {
  if ('why' in result) return 2
  return result.ceiling === undefined ? 3 : 0
}

function printTable(results: readonly Result[], { terminal: { stdout }, redact }: CommandContext): void {
  const { bad, bold, dim } = createStyle(stdout.color)
  const rows = results.map((result) => {
    if ('why' in result)
      return [
        titleOf(result.scenario, result.flow),
        result.driver,
        workersText(result.workers),
        bad('unknown'),
        visible(result.why.split('\n')[0]!),
      ]
    const { scenario, flow, workers, steps, ceiling } = result
    const client = flow.client === undefined ? '' : ` by ${formatClient(flow.client)}`
    return [
      titleOf(scenario, flow.name),
      `${flow.driver} ${flow.workload}${client}`,
      workersText(workers),
      ceiling === undefined ? bad('none') : bold(formatRate(ceiling.perSecond)),
      dim(endOf(steps)),
    ]
  })
  if (rows.length === 0) return
  const head = ['scenario', 'flow', 'workers', 'ceiling', 'next rate'].map((title) => dim(title))
  stdout.write(redact(inColumns([head, ...rows])))
  if (results.some((result) => 'setup' in result && result.ceiling)) stdout.write(dim(`${meaning}\n`))
  if (results.some((result) => 'setup' in result && !result.ceiling)) stdout.write(`${disturbed}\n`)
}

const meaning =
  'A rate of up to 50 % of the ceiling leaves room, above 80 % latency is that of the generator. Runs compare from now on.'
const disturbed =
  'none: not even low rates were sent on time. Is the machine busy with something else? A longer --duration disturbs less.'

/** Why it went no higher. */
function endOf(steps: Calibrated['steps']): string {
  const first = steps.findLastIndex(isReached) + 1
  const missed = steps[first]
  return missed === undefined ? 'not tried' : `${formatRate(missed.perSecond)}: ${missOf(missed)}`
}

function printJson(results: readonly Result[], context: CommandContext): void {
  context.isRead = true
  const rows = results.map((result) => {
    if ('why' in result) return { ...result, perSecond: null }
    const { scenario, flow, workers, steps, ceiling } = result
    const { name, driver, workload, client = null } = flow
    return {
      scenario,
      flow: name,
      driver,
      workload,
      client,
      workers,
      perSecond: ceiling?.perSecond ?? null,
      steps,
    }
  })
  context.terminal.stdout.write(`${context.redact(visibleJson(rows, 2))}\n`)
}

function titleOf(scenario: string, flow: string): string {
  return flow === 'main' ? scenario : `${scenario}/${flow}`
}

function workersText(workers: number): string {
  return workers === 1 ? '1 worker' : `${formatCount(workers)} workers`
}
