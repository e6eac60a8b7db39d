import type { Plugin, RunResult } from '@cloudbench/core'
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

/** Explains on stderr why the exit code is not 0. */
export function printProblems(
  { checks, errors, scenarios }: RunResult,
  { redact, terminal }: CommandContext,
): void {
  const problems = [
    ...checks
      .filter(({ status }) => status === 'failed')
      .map((check) => `${check.scenario}: check ${check.name} ${check.expected} failed: ${check.actual}`),
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
