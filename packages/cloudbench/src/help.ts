import { createStyle } from '@cloudbench/core/text'
import type { Argument, Command } from 'commander'
import type { CommandContext } from './command-context.ts'

/** Examples by command: what to type, and what it does. */
const shown: Readonly<Record<string, readonly (readonly [line: string, meaning: string])[]>> = {
  cloudbench: [
    ['cloudbench', 'every scenario, on services found, started or simulated'],
    ['cloudbench run redis-read-heavy --duration 5m', 'one scenario, longer'],
    ['cloudbench init', 'an example configuration to change'],
    ['cloudbench run --help', 'everything that can be set'],
  ],
  run: [
    ['cloudbench run redis-read-heavy --duration 5m', ''],
    ["cloudbench run 'http-*' --rate 2k/s --workers 4", ''],
    ['cloudbench run --set targets.redis.url=redis://10.0.0.4:6379', ''],
    ['cloudbench run --tag nightly', ''],
    ['cloudbench run --baseline ci --reporter json > results.jsonl', ''],
  ],
  list: [['cloudbench list --json', '']],
  report: [
    ['cloudbench report .cloudbench/*.json', 'every run, and all side by side'],
    ['cloudbench report result.json --reporter json', 'one flat line per scenario'],
  ],
  log: [
    ['cloudbench log .cloudbench/<run> --slow 10ms --sort response --limit 20', 'the slowest of a run'],
    ['cloudbench log .cloudbench/<run> --summary', 'quantiles of every operation and outcome'],
    ['cloudbench log .cloudbench/<run> --format ndjson > requests.ndjson', ''],
  ],
  init: [['cloudbench init load-tests', '']],
  config: [
    ['cloudbench config', ''],
    ['cloudbench config scenarios.redis-read-heavy --baseline ci', ''],
  ],
  plugins: [['cloudbench plugins', '']],
  doctor: [
    ['cloudbench doctor', ''],
    ['cloudbench doctor --environment imds --json', ''],
  ],
  up: [
    ['cloudbench up redis', 'later runs find it'],
    ['cloudbench up redis --port 6379', ''],
  ],
  down: [['cloudbench down redis', '']],
}

const exitCodes =
  'Exit codes: 0 passed, 1 a check failed, 2 could not run as requested, 3 not to be believed, 130 interrupted'

/** Sets the help layout of a program and all its commands. */
export function configureHelp(program: Command, { terminal }: CommandContext): Command {
  const style = createStyle(terminal.stdout.color)
  return program
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      // the caller prints errors
      writeErr: () => {},
      outputError: () => {},
      getOutHasColors: () => terminal.stdout.color,
      getOutHelpWidth: () => Math.min(terminal.stdout.columns, 110),
    })
    .configureHelp({
      styleTitle: (title) => style.bold(title),
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(termOf)].join(' '),
    })
}

/** Completes the help of one command: usage, examples and, where they matter, exit codes. */
export function completeHelp(command: Command): void {
  const lines = shown[command.name()] ?? []
  const isProgram = command.parent === null
  command.optionsGroup('Options:').helpOption('-h, --help', 'print this help')
  if (!isProgram) command.usage([...command.registeredArguments.map(termOf), '[options]'].join(' '))
  const widest = Math.max(...lines.map(([line]) => line.length))
  command.addHelpText('after', (context) => {
    const { bold, dim } = createStyle(context.command.configureOutput().getOutHasColors?.() ?? false)
    const text = lines.map(
      ([line, meaning]) => `  $ ${meaning === '' ? line : `${line.padEnd(widest)}  ${dim(meaning)}`}`,
    )
    return `\n${bold('Examples:')}\n${text.join('\n')}`
  })
  if (isProgram || command.name() === 'run') command.addHelpText('after', `\n${exitCodes}`)
}

function termOf(argument: Argument): string {
  const text = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${text}>` : `[${text}]`
}
