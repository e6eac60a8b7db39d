/**
 * Writes docs/reference/{cli,lifecycle}.md from the code that they describe: `pnpm reference`.
 * With `--check` it only looks whether they are as they would be written, and ends with 1 when they are not.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { lifecycle } from '@cloudbench/core/program'
import { createProgram } from '../packages/cloudbench/src/cli.ts'
import { createSession } from '../packages/cloudbench/src/session.ts'
import { markdownTable } from './markdown-table.ts'

type Command = ReturnType<typeof createProgram>

const pages = { cli: cliPage(), lifecycle: lifecyclePage() }
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
  const program = createProgram(createSession(), () => {})
  const commands = program.commands.filter((command) => command.name() !== 'help')
  return `# Command line

${commands.map(commandSection).join('\n\n')}

Exit codes: 0 passed · 1 a check or an audit failed · 2 could not run as asked · 130 interrupted
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
- **abort** ends the run as errored. **record** notes it in the result, and the run ends with 2. **omit** leaves the fact out.
- A hook that has not answered within its limit counts as one that threw.
- \`{ order: 'pre' | 'post', handler }\` instead of a function moves it before or after all others.
- Reporters have them as \`onRunStart\`, \`onScenarioStart\`, \`onPhaseStart\`, \`onInterval\`, \`onSamples\`, \`onPhaseEnd\`,
  \`onScenarioEnd\`, \`onRunEnd\` and \`close\`; environments as \`discover\`, \`apply\`, \`launch\` and \`verify\`.
- The request loop has no hooks.
`
}
