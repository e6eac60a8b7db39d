import type { RunResult } from '@cloudbench/core'
import type { RunPlan } from '@cloudbench/core/host'
import { printFailure } from '../failure.ts'
import { watchInterrupts } from '../interrupts.ts'
import type { LoadArguments, ResultArguments } from '../options.ts'
import { printPlan } from '../plan-text.ts'
import { provision } from '../provision.ts'
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
  const { makePlan, runBenchmark } = await import('@cloudbench/core/host')
  const plan = makePlan(config)
  if (dryRun) {
    printPlan(plan, session)
    return 0
  }
  const interrupts = watchInterrupts(session)
  try {
    const result = await runBenchmark(plan, {
      terminal: session.terminal,
      version: session.version,
      bundledFrom: session.bundledFrom,
      interrupt: interrupts.interrupt,
      kill: interrupts.kill,
      onPending: (pending) => {
        session.pending = pending
      },
      provision: (target) => provision(target, session),
    })
    if (!hasDefault(plan)) printProblems(result, session)
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

function hasDefault({ reporters }: RunPlan): boolean {
  return reporters.some(
    (reporter) => 'specifier' in reporter && /^(@cloudbench\/reporter-)?default$/.test(reporter.specifier),
  )
}

/** Why the exit code is not 0, when no reporter for people says so. */
function printProblems({ checks, errors, scenarios }: RunResult, { redact, terminal }: Session): void {
  const problems = [
    ...checks
      .filter(({ status }) => status === 'failed')
      .map(
        ({ scenario, name, expected, actual }) =>
          `${scenario}: check ${name} failed: expected ${expected}, was ${actual}`,
      ),
    ...[...scenarios.flatMap((scenario) => scenario.errors), ...errors].map(
      ({ source, during, message }) => `[${source}] ${during}: ${message}`,
    ),
  ]
  for (const problem of new Set(problems)) terminal.stderr.write(`${redact(problem)}\n`)
}
