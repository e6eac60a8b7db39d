import { printFailure } from '../failure.ts'
import { watchInterrupts } from '../interrupts.ts'
import type { LoadArguments, ResultArguments } from '../options.ts'
import { printPlan } from '../plan-text.ts'
import { provision } from '../provision.ts'
import { originNotices, printLeftOut, printProblems } from '../reporting.ts'
import type { Session } from '../session.ts'
import { loadSettings } from '../settings.ts'

export interface RunArguments extends LoadArguments, ResultArguments {
  readonly dryRun?: boolean
}

/** Runs the scenarios of a command line. */
export async function run(
  session: Session,
  patterns: readonly string[],
  { dryRun, ...given }: RunArguments,
): Promise<number> {
  const config = await loadSettings(session, given, patterns)
  const { makePlan, runBenchmark } = await import('@cloudbench/core/program')
  const plan = makePlan(config)
  if (config.files.length === 0 && given.tag === undefined) printLeftOut(config.leftOut, session)
  if (dryRun) {
    printPlan(plan, session)
    return 0
  }
  let hasScreen = false
  const plugins = [...plan.plugins, originNotices(session, () => hasScreen)]
  const interrupts = watchInterrupts(session)
  try {
    const result = await runBenchmark(
      { ...plan, plugins },
      {
        terminal: session.terminal,
        version: session.version,
        bundledFrom: session.bundledFrom,
        known: config.registry,
        facts: config.facts,
        interrupt: interrupts.interrupt,
        kill: interrupts.kill,
        onScreen: (isTaken) => {
          hasScreen = isTaken
        },
        onPending: (pending) => {
          session.pending = pending
        },
        provision: (target) => provision(target, config.registry, session),
      },
    )
    if (!hasScreen) printProblems(result, session)
    return interrupts.kill.aborted ? 130 : result.exitCode
  } catch (error) {
    if (!interrupts.interrupt.aborted) throw error
    // killed on purpose: what broke because of that is no news
    if (!interrupts.kill.aborted) printFailure(error, session)
    return 130
  } finally {
    interrupts.close()
  }
}
