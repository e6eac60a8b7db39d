/**
 * Writes docs/reference/{cli,facts,lifecycle,signals,verdict}.md from the code that they describe: `pnpm reference`.
 * With `--check` it only looks whether they are as they would be written, and ends with 1 when they are not.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { factVocabulary, lifecycle, signalVocabulary } from '@cloudbench/core/program'
import { formatMeasure } from '@cloudbench/core/text'
import { createProgram } from '../packages/cloudbench/src/cli.ts'
import { createCommandContext } from '../packages/cloudbench/src/command-context.ts'
import { signalTable } from '../packages/core/src/verdict/table.ts'
import { markdownTable } from './markdown-table.ts'

type Command = ReturnType<typeof createProgram>

const pages = {
  cli: cliPage(),
  facts: factsPage(),
  lifecycle: lifecyclePage(),
  signals: signalsPage(),
  verdict: verdictPage(),
}
let stale = 0
for (const [name, text] of Object.entries(pages)) {
  const file = new URL(`../docs/reference/${name}.md`, import.meta.url)
  if (!process.argv.includes('--check')) writeFileSync(file, text)
  else if (readFileSync(file, 'utf8') !== text) {
    console.error(`docs/reference/${name}.md is not what the code says. Write it anew with: pnpm reference`)
    stale++
  }
}
process.exitCode = stale > 0 ? 1 : 0

function cliPage(): string {
  const program = createProgram(createCommandContext(), () => {})
  const commands = program.commands.filter((command) => command.name() !== 'help')
  return `# Command line

${commands.map(commandSection).join('\n\n')}

Exit codes: 0 passed · 1 a check or an audit failed · 2 could not run as requested · 3 what was measured cannot be believed · 130
interrupted
`
}

function commandSection(command: Command): string {
  const help = command.createHelp()
  const rows = command.options.map((option) => [`\`${option.flags}\``, option.description])
  return `## \`cloudbench ${command.name()} ${command.usage()}\`

${help.commandDescription(command)}${rows.length === 0 ? '' : `\n\n${markdownTable(['option', 'meaning'], rows)}`}`
}

function lifecyclePage(): string {
  const rows = Object.entries(lifecycle).map(([name, { in: where, call, onError, limitMs }]) => [
    `\`${name}\``,
    where,
    call,
    onError,
    `${limitMs / 1_000} s`,
  ])
  return `# Lifecycle

Every hook, in the order of a run.

${markdownTable(['hook', 'runs in', 'call', 'on a throw', 'limit'], rows)}

- **series**: one plugin after another, in the order of the configuration. **parallel**: all at once, awaited.
  **mailbox**: queued per plugin, in order, never awaited by the load; intervals that pile up are merged. **reverse**:
  series, last first.
- **abort** ends the run as errored. **record** notes it in the result, and the run ends with 2. **omit** leaves the answer out:
  the facts, the advice, or the signals.
- A hook that has not answered within its limit counts as one that threw.
- \`{ order: 'pre' | 'post', handler }\` instead of a function moves it before or after all others.
- Reporters have them as \`onStep\`, \`onRunStart\`, \`onScenarioStart\`, \`onPhaseStart\`, \`onInterval\`, \`onPhaseEnd\`, \`onScenarioEnd\`,
  \`onRunEnd\` and \`close\`; environments as \`discover\`, \`derive\`, \`advise\`, \`apply\`, \`watch\`, \`launch\` and \`verify\`. Closing an environment
  ends what \`watch\` began and takes back what \`apply\` changed.
- The request loop has no hooks.
`
}

function factsPage(): string {
  const rows = Object.entries(factVocabulary).map(([name, declared]) => [
    `\`${name}\``,
    declared.type,
    declared.text,
    otelName(name, 'otel' in declared ? declared.otel : undefined),
  ])
  return `# Facts

What a result says about a machine: \`run.machines[].facts\`, by the plugin that found it out. What the core itself knows is
under \`machine\`. These facts have a name and a type that every plugin keeps to, so that reporters and other plugins find them
without knowing where they come from. A fact that is not known is left out. Any other fact may have any name, in words with dots between
them and with its unit at the end: \`numa.nodeCount\`, \`heap.limitBytes\`.

${markdownTable(['fact', 'type', 'what', 'OpenTelemetry'], rows)}
`
}

function signalsPage(): string {
  const rows = Object.entries(signalVocabulary).map(([name, { kind, text }]) => [`\`${name}\``, kind, text])
  return `# Signals

What environments sample on a machine while it is under load: \`signals\` of every interval and phase. These have a name and a
kind that every environment keeps to, since the verdict reads them. What cannot be read is left out, and the verdict then says
that it is unknown. Any other signal may have any name.

Of a gauge, and of a share of the time since the last sample, a result has the mean over time and the maximum; of a counter what it
grew by.

${markdownTable(['signal', 'kind', 'what'], rows)}
`
}

function verdictPage(): string {
  const rows = signalTable.map(({ name, unit, suspectAbove, invalidAbove, code, text, source }) => [
    `\`${name}\``,
    suspectAbove === null ? 'never' : formatMeasure(suspectAbove, unit),
    invalidAbove === null ? 'never' : formatMeasure(invalidAbove, unit),
    `\`${code}\``,
    `${text} From ${source}.`,
  ])
  return `# Thresholds of the verdict

What is watched in every measurement, and above what it is suspect or invalid. \`verdict.thresholds.<name>.suspect\` and
\`.invalid\` replace a threshold. They are choices of ours, not constants of nature: change those that do not suit a machine. What
cannot be read is unknown, and never valid. What each does to which number is in [the verdict](../guide/verdict.md).

${markdownTable(['name', 'suspect above', 'invalid above', 'code', 'what'], rows)}
`
}

/** Names that OpenTelemetry has are the same there; the rest of the vocabulary are ours. */
function otelName(name: string, declared: string | null | undefined): string {
  if (typeof declared === 'string') return `\`${declared}\``
  return declared === undefined && /^(cloud|host|os|process)\./.test(name) ? 'the same' : ''
}
