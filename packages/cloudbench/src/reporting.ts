import type { CheckResult, Plugin, RunResult, ScenarioResult } from '@cloudbench/core'
import { isRefused, wasAllowed } from '@cloudbench/core/program'
import type { CommandContext } from './command-context.ts'
import type { LeftOut } from './defaults.ts'

/** Lists on stderr the targets that the user did not choose, unless a reporter shows them on the screen. */
export function originNotices({ terminal, redact }: CommandContext, hasScreen: () => boolean): Plugin {
  const meanings = {
    found: 'found on this machine',
    started: 'started for this run',
    loopback: "the driver's own loopback server, which does no work",
  }
  return {
    name: 'cloudbench',
    hooks: {
      'run:start': ({ scenarios }) => {
        if (hasScreen()) return
        const targets = new Map(
          scenarios.flatMap(({ flows }) => flows.map(({ target }) => [target.url, target])),
        )
        for (const { name, url, origin } of targets.values())
          if (origin !== 'given')
            terminal.stderr.write(redact(`target ${name}: ${url}, ${meanings[origin]}\n`))
      },
    },
  }
}

/** Lists on stderr the built-in scenarios that are left out, and what they need. */
export function printLeftOut(leftOut: readonly LeftOut[], { terminal }: CommandContext): void {
  for (const { scenario, package: name } of leftOut)
    terminal.stderr.write(`${scenario} is left out: npm install --save-dev ${name}\n`)
}

/** What to do about a check that is invalid: the reason that it gives, or the worst of its number, or of all. */
function adviceOn(
  { actual, name, scenario: id }: CheckResult,
  scenarios: RunResult['scenarios'],
): string | undefined {
  const { verdict } = scenarios.find(({ scenario }) => scenario.id === id) ?? {}
  if (verdict === undefined) return undefined
  const { numbers, reasons } = verdict
  const metric = name.slice(name.lastIndexOf('/') + 1)
  const codes = new Set(numbers.flatMap((number) => (number.metric === metric ? number.codes : [])))
  const reason =
    reasons.find(({ text }) => actual.endsWith(text)) ??
    reasons.find(({ code }) => codes.has(code)) ??
    reasons[0]
  return reason?.advice
}

/** Why a scenario as a whole must not be relied on. What passed because it was allowed is said as well. */
function doubtsOf(result: ScenarioResult): string[] {
  const { scenario, verdict } = result
  if (verdict === undefined) return []
  const isAllowed = wasAllowed(result)
  if (!isAllowed && !isRefused(verdict.validity, verdict)) return []
  const said = `${scenario.id} is ${verdict.validity}${isAllowed ? ', which was allowed' : ''}`
  // a scenario is suspect for numbers that are invalid too
  const reasons = verdict.reasons.filter(
    ({ validity }) => validity === 'invalid' || verdict.validity !== 'invalid',
  )
  if (reasons.length === 0) return [said]
  return reasons.map(({ advice, text }) => `${said}: ${text}\n  next: ${advice}`)
}

/** Explains on stderr why the exit code is not 0. */
export function printProblems(
  { checks, errors, scenarios }: RunResult,
  { redact, terminal }: CommandContext,
): void {
  const problems = [
    ...scenarios.flatMap(doubtsOf),
    ...checks.flatMap((check) => {
      const { actual, expected, name, scenario, status } = check
      if (status !== 'failed' && status !== 'invalid') return []
      const what = status === 'failed' ? 'failed' : 'is invalid'
      const said = `${scenario}: check ${name} ${expected} ${what}: ${actual}`
      const advice = status === 'invalid' && adviceOn(check, scenarios)
      return [advice ? `${said}\n  next: ${advice}` : said]
    }),
    ...scenarios.flatMap(({ scenario, audits }) =>
      audits
        .filter(({ status }) => status === 'failed')
        .map(
          ({ name, violations, examined }) =>
            `${scenario.id}: audit ${name} failed, ${violations} of ${examined}`,
        ),
    ),
    ...[...scenarios.flatMap((scenario) => scenario.errors), ...errors].map(
      ({ source, during, message }) => `[${source}] ${during}: ${message}`,
    ),
  ]
  for (const problem of new Set(problems)) terminal.stderr.write(redact(`${problem}\n`))
}
