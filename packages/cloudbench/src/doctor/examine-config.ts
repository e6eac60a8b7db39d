import { makePlan } from '@cloudbench/core/program'
import type { CommandContext } from '../command-context.ts'
import { serviceOf, type Service } from '../provision.ts'
import { loadSettings, type Settings } from '../settings.ts'
import type { DoctorArguments } from './examine.ts'
import type { Finding } from './finding.ts'

export interface ExaminedConfig {
  /** Absent when it cannot be read. */
  readonly config?: Settings
  /** Local services for the scenarios to run whose targets have no url. */
  readonly services: readonly Service[]
  readonly findings: readonly Finding[]
  /** As many as the scenario with the most of them takes; one where a calibration decides. */
  readonly workers: number
}

/** Reads the configuration, and plans a run of it. */
export async function examineConfig(
  context: CommandContext,
  given: DoctorArguments,
): Promise<ExaminedConfig> {
  let config: Settings | undefined
  try {
    const settings = await loadSettings(context, given)
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
      workers: Math.max(1, ...scenarios.map(({ workers }) => (workers === 'auto' ? 1 : workers))),
      findings: [{ state: 'good', what: `configuration (${files}), ${count} to run` }],
    }
  } catch (error) {
    const { message, next } = error as { message: string; next?: string }
    const finding: Finding = {
      state: 'bad',
      what: `configuration: ${message}`,
      ...(next && { advice: next }),
    }
    // what does not depend on this machine can still be looked at
    config ??= await loadSettings(context, { ...given, discover: false }).catch(() => undefined)
    return { ...(config && { config }), services: [], workers: 1, findings: [finding] }
  }
}
