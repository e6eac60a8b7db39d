import { dirname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Facts } from '@cloudbench/core'
import type { Derivation, ResolvedConfig } from '@cloudbench/core/program'
import type { CommandContext } from './command-context.ts'
import { defaultsOf, shortDurations, type LeftOut } from './defaults.ts'
import type { DiscoverArguments, LoadArguments, ResultArguments } from './options.ts'
import { loadRegistry, type Registry } from './registry/registry.ts'
import { parseReporters, withResultFile } from './reporters.ts'

/** The effective settings, the default scenarios left out because their driver is missing, and the known plugins. */
export type Settings = ResolvedConfig & {
  readonly leftOut: readonly LeftOut[]
  readonly registry: Registry
  /** What was discovered on this machine to derive settings from; absent when nothing was discovered. */
  readonly facts: Readonly<Record<string, Facts>> | undefined
}

/** Reads the configuration for a command line. From here on its secrets are kept out of the output. */
export async function loadSettings(
  context: CommandContext,
  {
    config,
    baseline,
    set,
    scenario,
    tag,
    environment,
    reporter,
    discover = true,
    ...flags
  }: LoadArguments & ResultArguments & DiscoverArguments,
  patterns: readonly string[] = [],
): Promise<Settings> {
  const { callConfigHooks, deriveSettings, loadConfig, parseRef, providePackage, resolvePlugin } =
    await import('@cloudbench/core/program')
  // for `import { defineConfig } from 'cloudbench'` in a folder where nothing is installed
  providePackage('cloudbench', import.meta.url)
  const { bundledFrom, cwd, env, terminal } = context
  const scenarios = [...patterns, ...(scenario ?? [])]
  const registry = loadRegistry(config === undefined ? cwd : dirname(resolve(cwd, config)))
  const sources = { from: pathToFileURL(`${cwd}/`).href, bundledFrom, known: registry }
  const isInstalled = (driver: string): boolean => succeeds(() => resolvePlugin(driver, 'driver', sources))
  // naming one that cannot run is an error, with the command that installs its driver
  const { builtIn, leftOut, onlyNamed } = defaultsOf(
    registry,
    scenarios.length > 0 ? () => true : isInstalled,
  )
  let facts: Settings['facts']
  const derive = async (plain: ResolvedConfig): Promise<Derivation['derived']> => {
    const derivation = await deriveSettings(plain, { terminal, bundledFrom, known: registry })
    facts = derivation.facts
    return derivation.derived
  }
  const options = {
    cwd,
    env,
    builtIn,
    // without any configuration this is a first try, which should not take long
    withoutFiles: flags.duration === undefined ? { defaults: shortDurations } : undefined,
    onlyNamed,
    configFile: config,
    baselines: baseline,
    set,
    flags,
    scenarios,
    tags: tag,
    environment: environment?.map((text) => parseRef(text, '--environment')),
    reporters: reporter && withResultFile(parseReporters(reporter, resolve(cwd, flags.output ?? ''))),
    onDraft: callConfigHooks,
    derive: discover ? derive : undefined,
  }
  const resolved = await loadConfig(options)
  const { redact } = context
  context.redact = (text) => resolved.redact(redact(text))
  context.rememberUrl = (url) => resolved.rememberUrl(url)
  return { ...resolved, leftOut, registry, facts }
}

function succeeds(attempt: () => unknown): boolean {
  try {
    attempt()
    return true
  } catch {
    return false
  }
}
