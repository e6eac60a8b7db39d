import { Option, type Command } from 'commander'

/** The options of every command that reads the configuration. */
export interface ConfigArguments {
  readonly config?: string
  readonly baseline?: readonly string[]
  readonly set?: readonly string[]
}

/** Selects scenarios by their tags. */
export interface TagArguments {
  readonly tag?: readonly string[]
}

/** What determines the load of a run. */
export interface LoadArguments extends ConfigArguments, TagArguments {
  readonly scenario?: readonly string[]
  readonly duration?: string
  readonly warmup?: string
  readonly rate?: string
  readonly connections?: string
  readonly workers?: string
  readonly dispatch?: string
  readonly seed?: string
  readonly interval?: string
  readonly trace?: string
  readonly log?: boolean
  readonly logSample?: string
  readonly require?: string
  readonly allowInvalid?: boolean
  readonly environment?: readonly string[]
}

/** Whether environments derive settings from this machine. */
export interface DiscoverArguments {
  readonly discover?: boolean
}

/** Where results go. */
export interface ResultArguments {
  readonly reporter?: readonly string[]
  readonly output?: string
}

export function addConfigOptions(command: Command): Command {
  return command
    .optionsGroup('Configuration:')
    .option('--config <file>', 'use this file instead of cloudbench.config.* in this folder')
    .option(
      '--baseline <name>',
      'apply a file from config/baseline on top of the default; repeatable',
      collect,
    )
    .option('--set <path=value>', 'set any value that `cloudbench config` prints; repeatable', collect)
}

export function addTagOption(command: Command): Command {
  return command.option('--tag <tag>', 'only scenarios with this tag, or any of several; repeatable', collect)
}

export function addDiscoverOption(command: Command): Command {
  return command.option('--no-discover', 'ignore settings that environments derive from this machine')
}

export function addLoadOptions(command: Command): Command {
  addConfigOptions(command)
    .optionsGroup('Load:')
    .option('--scenario <ids>', 'names or globs, separated by commas; repeatable', collectIds)
  addTagOption(command)
    .option('--duration <time>', 'how long to measure: 30s, 5m, 1h30m')
    .option('--warmup <time>', 'load before measuring, not counted; 0s for none')
    .option('--rate <rate>', 'rate of an open loop: 500/s, 30/m, 1k/s')
    .option('--connections <count>', 'connections over all workers')
    .option('--workers <count>', 'load worker processes; auto: as many as it takes')
    .option('--dispatch <how>', 'how workers wait for the next request: tick, hybrid, spin or timer')
    .option('--seed <number>', 'the same seed makes the same requests')
    .option('--interval <time>', 'width of one point in live output and time series')
    .option(
      '--trace <ratio>',
      'carry trace ids to the target, and sample this share: 1/100, 1%; off for none',
    )
    .option('--log', 'write every request to a file, which `cloudbench log` reads')
    .option('--log-sample <ratio>', 'write this share of them: 1/100, 1%')
  return addEnvironmentOption(command)
    .optionsGroup('Verdict:')
    .option('--require <validity>', 'what numbers have to be: suspect (the default), or valid')
    .option('--allow-invalid', 'judge invalid numbers as if they were valid, and say so')
}

export function addEnvironmentOption(command: Command): Command {
  return command.option(
    '--environment <plugin>',
    'environment plugin instead of the configured ones; repeatable',
    collect,
  )
}

export function addResultOptions(command: Command): Command {
  return command
    .optionsGroup('Results:')
    .option('--reporter <name[=file]>', 'reporter instead of the configured ones; repeatable', collect)
    .addOption(new Option('--exporter <name[=file]>', 'same as --reporter').argParser(collect))
    .on('option:exporter', (written: string) => {
      // one list, in the order typed
      command.setOptionValue('reporter', collect(written, command.getOptionValue('reporter') as string[]))
    })
    .option('--output <folder>', 'folder for output files (default: .cloudbench)')
}

export function addLogOptions(command: Command): Command {
  return command
    .optionsGroup('Selection:')
    .option('--slow <time>', 'only requests that took at least this long from when they were due')
    .option('--trace <id>', 'only requests whose trace or span id begins like this')
    .option('--outcome <name>', 'only requests that ended like this; repeatable', collect)
    .option('--flow <name>', 'only requests of this flow; repeatable', collect)
    .option('--operation <name>', 'only requests of this operation; repeatable', collect)
    .option(
      '--phase <name>',
      'only requests of this phase, or of all of a kind: measure; repeatable',
      collect,
    )
    .option('--from <time>', 'only requests sent this long after the run began, or later')
    .option('--to <time>', 'only requests sent before that')
    .optionsGroup('Output:')
    .option('--sort <key>', 'due, sent, done, index, lag, service or response, the longest first')
    .option('--reverse', 'the other way round')
    .option('--limit <count>', 'at most so many requests')
    .option('--summary', 'print counts and quantiles by operation and outcome instead')
    .option('--format <format>', 'table, ndjson or csv', 'table')
}

/** The value of an option that may be repeated, in order. */
export function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value]
}

function collectIds(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((id) => id.trim())]
}
