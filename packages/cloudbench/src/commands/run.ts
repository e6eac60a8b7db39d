import type { TerminalStream } from '@cloudbench/core'
import type { FlowPlan, PluginRef, RunPlan, Spares } from '@cloudbench/core/program'
import { ceilingFile, keptCeilings } from '../calibrate/ceiling-cache.ts'
import type { CommandContext } from '../command-context.ts'
import { conclude } from '../conclusion.ts'
import { watchHearing } from '../hearing.ts'
import { watchInterrupts } from '../interrupts.ts'
import { lastLine } from '../last-line.ts'
import type { LoadArguments, ResultArguments } from '../options.ts'
import { printPlan } from '../plan-text.ts'
import { printError } from '../print-error.ts'
import { provision, serviceOf } from '../provision.ts'
import type { Registry } from '../registry/registry.ts'
import { originNotices, printLeftOut } from '../reporting.ts'
import { requiredServices } from '../required-services.ts'
import { loadSettings } from '../settings.ts'
import { noticeWhenSlow } from '../slow-notice.ts'
import { stepNotices } from '../step-notices.ts'

export interface RunArguments extends LoadArguments, ResultArguments {
  readonly dryRun?: boolean
  readonly ui?: boolean
}

/** Runs the scenarios of a command line. */
export async function run(
  context: CommandContext,
  patterns: readonly string[],
  given: RunArguments,
): Promise<number> {
  const endNotice = noticeWhenSlow(context.terminal, 'reading the configuration')
  const { createSpares } = await import('@cloudbench/core/program')
  // they start while the configuration is read
  const spares = given.dryRun ? undefined : createSpares()
  try {
    return await runWith({ spares, endNotice }, context, patterns, given)
  } finally {
    endNotice()
    spares?.close()
  }
}

interface Beginning {
  readonly spares: Spares | undefined
  /** To be called before anything else is drawn. */
  readonly endNotice: () => void
}

async function runWith(
  { spares, endNotice }: Beginning,
  context: CommandContext,
  patterns: readonly string[],
  { dryRun, ui = false, ...given }: RunArguments,
): Promise<number> {
  const config = await loadSettings(context, given, patterns)
  const { makePlan, runBenchmark } = await import('@cloudbench/core/program')
  const plan = withPage(makePlan(config), ui)
  if (plan.scenarios.some(({ flows }) => flows.some((flow) => isLoopback(flow, config.registry))))
    spares?.addLoopback()
  const required = await requiredServices(context, config.registry)
  if (config.files.length === 0 && given.tag === undefined) printLeftOut(config.leftOut, context)
  if (dryRun) {
    endNotice()
    printPlan(plan, context)
    return 0
  }
  let screen: TerminalStream | undefined
  const hasScreen = (): boolean => screen !== undefined
  const plugins = [...plan.plugins, originNotices(context, hasScreen), stepNotices(context, hasScreen)]
  const interrupts = watchInterrupts(context)
  const stopWatching = context.ownsProcess ? watchHearing(context) : undefined
  try {
    const result = await runBenchmark(
      { ...plan, plugins },
      {
        terminal: context.terminal,
        version: context.version,
        bundledFrom: context.bundledFrom,
        known: config.registry,
        facts: config.facts,
        spares,
        interrupt: interrupts.interrupt,
        kill: interrupts.kill,
        onScreen: (taken, isRead) => {
          endNotice()
          screen = taken
          context.isRead = isRead
        },
        onPending: (pending) => {
          context.pending = pending
        },
        ceilingOf: keptCeilings(ceilingFile(context.env)),
        provision: (target, say) => provision(target, config.registry, required, context, say),
      },
    )
    return await conclude(result, context, screen)
  } catch (error) {
    if (!interrupts.interrupt.aborted) throw error
    // killed on purpose: what broke because of that is expected
    if (!interrupts.kill.aborted) printError(error, context)
    const stream = screen ?? context.terminal.stderr
    stream.write(lastLine('interrupted', 'exit code 130', stream))
    return 130
  } finally {
    interrupts.close()
    stopWatching?.()
  }
}

/** With the page that follows the run, whatever else reports. */
function withPage(plan: RunPlan, ui: boolean): RunPlan {
  if (!ui) return plan
  const isPage = (reporter: RunPlan['reporters'][number]): reporter is PluginRef =>
    'specifier' in reporter && ['html', '@cloudbench/reporter-html'].includes(reporter.specifier)
  const others = plan.reporters.filter((reporter) => !isPage(reporter))
  const { specifier, options } = plan.reporters.find(isPage) ?? { specifier: 'html', options: {} }
  return { ...plan, reporters: [...others, { specifier, options: { ...(options as object), ui: true } }] }
}

/** Whether it will need the loopback server of its driver, as far as that is known before services are looked for. */
function isLoopback({ driver, target: { url } }: FlowPlan, registry: Registry): boolean {
  return (
    url === 'loopback' || ((url === undefined || url === 'auto') && serviceOf(driver, registry) === undefined)
  )
}
