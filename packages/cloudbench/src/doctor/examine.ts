import { surveyMachine, type Survey } from '@cloudbench/core/program'
import type { CommandContext } from '../command-context.ts'
import type { ConfigArguments } from '../options.ts'
import type { Settings } from '../settings.ts'
import { derivedOf, type DerivedFinding } from './derived.ts'
import { examineConfig } from './examine-config.ts'
import { examineMachine } from './examine-machine.ts'
import { examinePlugins } from './examine-plugins.ts'
import { examineServices } from './examine-services.ts'
import type { Finding } from './finding.ts'
import { redactAll } from './redact-all.ts'

export interface DoctorArguments extends ConfigArguments {
  readonly environment?: readonly string[]
}

/** Everything that `doctor` found out. */
export interface Examination {
  readonly findings: readonly Finding[]
  /** What the environments say. Absent where there is no configuration that says which. */
  readonly survey?: Omit<Survey, 'derived'> & { readonly derived: readonly DerivedFinding[] }
  /** Bundled environments that are asked only by name. */
  readonly notAsked: readonly string[]
}

/** They send requests over the network, which people have to ask for. */
const onlyAsked: ReadonlySet<string> = new Set(['imds'])

/** Checks everything that a run needs, and asks every environment that is configured or bundled. Secrets are redacted. */
export async function examine(context: CommandContext, given: DoctorArguments): Promise<Examination> {
  const { config, findings, services, workers } = await examineConfig(context, given)
  const survey = config && (await surveyOf(config, context, workers))
  const asked = new Set(survey?.environments.map(({ name }) => name))
  const examination: Examination = {
    findings: [
      ...examineMachine(),
      ...(await examineServices(services)),
      ...(config === undefined ? [] : await examinePlugins(config, context)),
      ...findings,
      // the configuration may have failed for the same reason
      ...(survey?.faults ?? [])
        .filter(({ message }) => !findings.some(({ what }) => what.includes(message)))
        .map(({ message, next }) => bad(message, next)),
    ],
    ...(config && survey && { survey: { ...survey, derived: derivedOf(survey, config) } }),
    notAsked: survey === undefined ? [] : [...onlyAsked].filter((name) => !asked.has(name)),
  }
  return redactAll(examination, context.redact)
}

async function surveyOf(config: Settings, context: CommandContext, workers: number): Promise<Survey> {
  const { terminal, bundledFrom } = context
  const { registry: known, facts } = config
  const beside = known
    .filter(({ kind, isBundled, name }) => kind === 'environment' && isBundled && !onlyAsked.has(name))
    .map(({ name }) => name)
  return await surveyMachine(config, { terminal, bundledFrom, known, facts, beside, workers })
}

function bad(what: string, next: string | undefined): Finding {
  return { state: 'bad', what, ...(next !== undefined && { advice: next }) }
}
