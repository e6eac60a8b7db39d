import type { Awaitable, Json, Launch } from '@cloudbench/core'
import type { EnvironmentProbe } from './child/environment/probes.ts'
import type { EnvironmentJob, VerifyJob } from './job.ts'
import { fault, type Fault } from './fault.ts'
import { deadlines, type Ended, expectSilence, inProcess, type Start } from './process.ts'
import { examine, register, type Registration, type Rule } from './rule.ts'
import { urlOf } from './url.ts'

/** An environment, and what to try it with. */
export interface EnvironmentSubject {
  /** Of the module, such as `new URL('../src/index.ts', import.meta.url)`. */
  readonly environment: URL | string
  /** Options that can take hold on the machine that the test runs on. @default {} */
  readonly options?: Json
  /** Options that have to be refused, beside an unknown one. */
  readonly refused?: readonly Json[]
  /** Options with which there is nothing to discover, such as another root of the file system. */
  readonly absent?: Json
  /** Reads the state of the machine that `apply` changes. @default the facts of `discover` that do not change by themselves */
  readonly snapshot?: () => Awaitable<Json>
  /** How long whatever has no limit in the lifecycle may take, in milliseconds. @default 5000 */
  readonly limitMs?: number
}

/** Registers a test for everything that an environment has to do. `apply` really changes the machine, and takes it back. */
export function testEnvironment({ test, report, ...subject }: EnvironmentSubject & Registration): void {
  register(environmentRules(subject), { test, ...(report && { report }) })
}

/** Tries everything that an environment has to do, and resolves with what is wrong; with nothing when all is well. */
export function examineEnvironment(subject: EnvironmentSubject): Promise<Fault[]> {
  return examine(environmentRules(subject))
}

/** What an environment has made of a worker. */
interface Draft {
  readonly launch: Launch
  readonly facts: Json
  readonly hasVerify: boolean
}

/** Every rule for environments, in the order in which a failure explains those after it. */
export function environmentRules(subject: EnvironmentSubject): readonly Rule[] {
  const { environment, options = {}, refused = [], absent, snapshot, limitMs = 5_000 } = subject
  const url = urlOf(environment)
  const limits = deadlines(limitMs)
  const attempt = async (probe: EnvironmentProbe | 'draft', start: Partial<Start> = {}): Promise<Ended> => {
    const job: EnvironmentJob = {
      kind: 'environment',
      probe,
      url,
      options,
      refused,
      absent,
      hasSnapshot: snapshot !== undefined,
      limitMs,
    }
    const ended = await inProcess(job, { ...limits, ...(snapshot && { answers: { snapshot } }), ...start })
    expectSilence(ended, 'environment')
    return ended
  }
  const draft = async (): Promise<Draft> => (await attempt('draft')).value as unknown as Draft
  const verify = async ({ launch, facts }: Draft, shaped: Launch | undefined): Promise<void> => {
    const job: VerifyJob = {
      kind: 'verify',
      url,
      options,
      launch: launch as unknown as Json,
      facts,
      isShaped: shaped !== undefined,
      without: wordsOf(launch),
      limitMs,
    }
    expectSilence(await inProcess(job, { ...limits, ...shaped }), 'environment')
  }
  const rules: Record<string, () => Promise<readonly string[]>> = {
    'loads by its URL, has a name, and begins nothing by being loaded': async () =>
      (await attempt('identity')).notes,
    'takes its options, and refuses others by name': async () => (await attempt('options')).notes,
    'describes every option': async () => (await attempt('descriptions')).notes,
    'discovers facts, and never throws': async () => (await attempt('discover')).notes,
    'discovers on a machine without programs, and never throws': async () =>
      (await attempt('discover', { env: { PATH: '/nonexistent', HOME: '/nonexistent' } })).notes,
    'uses the names and types of the fact vocabulary': async () => (await attempt('facts')).notes,
    'derives settings with a reason, and the same from the same facts': async () =>
      (await attempt('derive')).notes,
    'takes back what it applies': async () => (await attempt('apply')).notes,
    'only appends to the command line of a worker': async () => (await attempt('launch')).notes,
    'proves that it took hold in a worker that was started its way': async () => {
      const made = await draft()
      if (made.hasVerify) await verify(made, made.launch)
      else if (isShaped(made.launch)) {
        await inProcess({ kind: 'idle' }, { ...limits, ...made.launch })
        throw fault({
          what: `launch adds ${wordsOf(made.launch)}, and there is no verify`,
          expected:
            'a proof inside the worker: a setting that silently did nothing would be part of the result',
          next: 'verify(launch, context) { … }, which throws unless it took hold',
        })
      } else return ['not tried: the environment has no verify']
      return []
    },
    'notices when it did not take hold': async () => {
      const made = await draft()
      if (!made.hasVerify) return ['not tried: the environment has no verify']
      if (!isShaped(made.launch)) return ['not tried: launch adds nothing with these options']
      await verify(made, undefined)
      return []
    },
    'watches what it declares, and lets go': async () => (await attempt('watch')).notes,
  }
  return Object.entries(rules).map(([name, run]) => ({ name, limitMs: limits.limitMs, run }))
}

function isShaped({ wrap, execArgv, env }: Launch): boolean {
  return wrap.length > 0 || execArgv.length > 0 || Object.keys(env).length > 0
}

function wordsOf({ wrap, execArgv, env }: Launch): string {
  return [...wrap, ...execArgv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].join(' ')
}
