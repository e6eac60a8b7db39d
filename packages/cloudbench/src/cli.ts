import { Command, CommanderError } from 'commander'
import type { CommandContext } from './command-context.ts'
import { completeHelp, configureHelp } from './help.ts'
import {
  addConfigOptions,
  addDiscoverOption,
  addEnvironmentOption,
  addLoadOptions,
  addLogOptions,
  addResultOptions,
  addTagOption,
  collect,
} from './options.ts'
import { printError } from './print-error.ts'
import { hideTyped } from './typed-secrets.ts'
import { refuseEmpty, usageErrorOf, withCommandHint } from './usage.ts'

/**
 * Runs one command line and resolves with the exit code. Never rejects.
 *
 * This is the map of the commands; each is imported only when called, so that `--help` is fast.
 */
export async function runCli(argv: readonly string[], context: CommandContext): Promise<number> {
  let exitCode = 2
  hideTyped(argv, context)
  const program = createProgram(context, (code) => {
    exitCode = code
  })
  try {
    await program.parseAsync(argv, { from: 'user' })
    return exitCode
  } catch (error) {
    const failure =
      error instanceof CommanderError
        ? usageErrorOf(error, program, argv)
        : await withCommandHint(error, program, argv)
    if (failure === undefined) return 0
    printError(failure, context)
    return 2
  }
}

/** Takes the exit code of the command that ran. */
type Done = (exitCode: number) => void

/** The commands with their options and help. */
export function createProgram(context: CommandContext, done: Done): Command {
  const program = configureHelp(new Command('cloudbench'), context)
    .description('Load-test cloud data services, and keep baselines you can trust.')
    .usage('[command] [options]')
    .version(context.version, '-v, --version', 'print the version')
  addMeasureCommands(program, context, done)
  addSetUpCommands(program, context, done)
  addMachineCommands(program, context, done)
  program.hook('preAction', (_program, command) => refuseEmpty(command))
  program.commandsGroup('Help:').helpCommand('help [command]', 'print help for a command')
  for (const command of [program, ...program.commands]) completeHelp(command)
  return program
}

function addMeasureCommands(program: Command, context: CommandContext, done: Done): void {
  program.commandsGroup('Measure:')
  const run = program
    .command('run', { isDefault: true })
    .summary('run scenarios (the default command)')
    .description('Run scenarios one after another, report the results and evaluate the checks.')
    .argument(
      '[scenarios...]',
      "names or globs (default: the project's own scenarios, else the built-in ones)",
    )
  addResultOptions(addLoadOptions(run))
    .option('--ui', 'follow the run on a page in the browser (@cloudbench/reporter-html)')
    .optionsGroup('Options:')
    .option('--dry-run', 'print what would run, without running it')
    .action(async (patterns: string[], options: object) =>
      done(await (await import('./commands/run.ts')).run(context, patterns, options)),
    )
  const list = program
    .command('list')
    .summary('print the scenarios')
    .description('Print every scenario with its targets and load.')
  addTagOption(addDiscoverOption(addConfigOptions(list)).optionsGroup('Selection:'))
    .optionsGroup('Output:')
    .option('--json', 'print JSON')
    .action(async (options: object) =>
      done(await (await import('./commands/list.ts')).list(context, options)),
    )
  const report = program
    .command('report')
    .summary('print result files again')
    .description(
      'Replay result files through reporters, with the same numbers as live: one run after another, and side by side.',
    )
    .argument('<files...>', 'result files written by the json reporter')
  addResultOptions(report)
    .option('--merge', 'add up runs of one configuration, such as shards, instead of showing each')
    .action(async (files: string[], options: object) =>
      done(await (await import('./commands/report.ts')).report(context, files, options)),
    )
  const log = program
    .command('log')
    .summary('print requests of a request log')
    .description('Print the requests that `run --log` has logged: all, some, sorted, or what they amount to.')
    .argument('<files...>', 'logs, or folders with logs; those of several workers are merged by time')
  addLogOptions(log).action(async (files: string[], options: object) =>
    done(await (await import('./commands/log.ts')).log(context, files, options)),
  )
}

function addSetUpCommands(program: Command, context: CommandContext, done: Done): void {
  program.commandsGroup('Set up:')
  program
    .command('init')
    .summary('write an example configuration')
    .description('Write cloudbench.config.ts and config/ as a worked example. Never overwrites a file.')
    .argument('[folder]', 'where to write it', '.')
    .action(async (folder: string) => done(await (await import('./commands/init.ts')).init(context, folder)))
  const config = program
    .command('config')
    .summary('print the configuration and where each value comes from')
    .description('Print every effective value, and where it was set.')
    .argument('[path]', 'only this part, such as targets.redis')
  addDiscoverOption(addLoadOptions(config))
    .optionsGroup('Output:')
    .option('--json', 'print JSON')
    .action(async (path: string | undefined, options: object) =>
      done(await (await import('./commands/config.ts')).config(context, path, options)),
    )
  const plugins = program
    .command('plugins')
    .summary('print the plugins that are bundled or configured')
    .description('Print every plugin that is bundled or configured, and whether it can be loaded.')
  addConfigOptions(plugins)
    .optionsGroup('Output:')
    .option('--json', 'print JSON')
    .action(async (options: object) =>
      done(await (await import('./commands/plugins.ts')).plugins(context, options)),
    )
}

function addMachineCommands(program: Command, context: CommandContext, done: Done): void {
  program.commandsGroup('Machine:')
  const doctor = program
    .command('doctor')
    .summary('check this machine and the configuration')
    .description(
      'Check this machine and the configuration, and suggest a fix for each problem. Print what environments find, advise and would change.',
    )
  addEnvironmentOption(addConfigOptions(doctor))
    .optionsGroup('Output:')
    .option('--json', 'print JSON')
    .action(async (options: object) =>
      done(await (await import('./commands/doctor.ts')).doctor(context, options)),
    )
  const calibrate = program
    .command('calibrate')
    .summary('find the highest rates that this machine can send')
    .description(
      'Load the loopback servers of drivers with more and more, to find the highest rate of each flow that is still sent on time. Later runs compare their rates with it.',
    )
    .argument('[scenarios...]', 'names or globs (default: as `run`)')
  addTagOption(addEnvironmentOption(addConfigOptions(calibrate)).optionsGroup('Selection:'))
    .option('--driver <name>', 'only flows of this driver; repeatable', collect)
    .optionsGroup('Load:')
    .option('--duration <time>', 'how long to look at each flow', '24s')
    .option('--connections <count>', 'connections over all workers')
    .option('--workers <count>', 'load worker processes, beside one alone')
    .optionsGroup('Output:')
    .option('--json', 'print JSON')
    .action(async (patterns: string[], options: object) =>
      done(await (await import('./commands/calibrate.ts')).calibrate(context, patterns, options)),
    )
  program
    .command('up')
    .summary('start a service to measure, and leave it running')
    .description(
      'Start a service on 127.0.0.1 with empty, throwaway data, using Docker Compose or a local program.',
    )
    .argument('[service]', 'such as redis (default: all)')
    .option('--port <port>', 'listen on this port instead of any free one')
    .option('--show-password', 'print the password of the service, to connect by hand')
    .action(async (service: string | undefined, options: object) =>
      done(await (await import('./commands/up.ts')).up(context, service, options)),
    )
  program
    .command('down')
    .summary('stop what `up` started')
    .description('Stop services that `cloudbench up` started, and delete their data.')
    .argument('[service]', 'such as redis (default: all that are running)')
    .action(async (service: string | undefined) =>
      done(await (await import('./commands/down.ts')).down(context, service)),
    )
}
