import { makePlan } from '@cloudbench/core/program'
import type { CommandContext } from '../command-context.ts'
import type { ConfigArguments } from '../options.ts'
import { serviceOf, type Service } from '../provision.ts'
import { loadSettings, type Settings } from '../settings.ts'
import type { Finding } from './finding.ts'

export interface ExaminedConfig {
  /** Absent when it cannot be read. */
  readonly config?: Settings
  /** Local services for the scenarios to run whose targets have no url. */
  readonly services: readonly Service[]
  readonly findings: readonly Finding[]
}

/** Reads the configuration, and plans a run of it. */
export async function examineConfig(
  context: CommandContext,
  given: ConfigArguments,
): Promise<ExaminedConfig> {
  let config: Settings | undefined
  try {
    const settings = await loadSettings(context, { ...given, discover: false })
    config = settings
    const { scenarios } = makePlan(config)
    const { length } = config.files
    const files = length === 0 ? 'built-in, no file' : length === 1 ? config.files[0] : `${length} files`
    const count = scenarios.length === 1 ? 'one scenario' : `${scenarios.length} scenarios`
    const needed = scenarios
      .flatMap(({ flows }) => flows)
      .filter(({ target }) => target.url === undefined || target.url === 'auto')
      .flatMap(({ driver }) => serviceOf(driver, settings.registry) ?? [])
    return {
      config,
      services: [...new Map(needed.map((service) => [service.name, service])).values()],
      findings: [{ state: 'good', what: `configuration (${files}), ${count} to run` }],
    }
  } catch (error) {
    const { message, next } = error as { message: string; next?: string }
    const finding: Finding = {
      state: 'bad',
      what: `configuration: ${message}`,
      ...(next && { advice: next }),
    }
    return { ...(config && { config }), services: [], findings: [finding] }
  }
}
