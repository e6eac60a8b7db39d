import type { Awaitable, Json, Launch } from '@cloudbench/core'
import type { EnvironmentProbe } from './child/environment/probes.ts'
import { fault, type Fault } from './fault.ts'
import type { EnvironmentJob, VerifyJob } from './job.ts'
import { deadlines, type Ended, expectSilence, inProcess, type Start } from './process.ts'
import { commonRules, examine, register, type Registration, type Rule } from './rule.ts'
import { urlOf } from './url.ts'

/** An environment, and what to test it with. */
export interface EnvironmentSubject {
  /** Of the module, such as `new URL('../src/index.ts', import.meta.url)`. */
  readonly environment: URL | string
  /** Options that can take effect on the machine that runs the test. @default {} */
  readonly options?: Json
  /** Options that must be refused; an unknown option is always tried. */
  readonly refused?: readonly Json[]
  /** Options with which there is nothing to discover, such as another root of the file system. */
  readonly absent?: Json
  /** Reads the state of the machine that `apply` changes. @default the facts of `discover` that do not change by themselves */
  readonly snapshot?: () => Awaitable<Json>
  /** Limit for everything that has none in the lifecycle, in milliseconds. @default 5000 */
  readonly limitMs?: number
}

/** Registers a test for every rule for environments. `apply` really changes the machine, and undoes the change. */
export function testEnvironment({ test, report, ...subject }: EnvironmentSubject & Registration): void {
  register(environmentRules(subject), { test, ...(report && { report }) })
}

/** Tries every rule for environments, and resolves with the faults: none if all is well. */
export function examineEnvironment(subject: EnvironmentSubject): Promise<Fault[]> {
  return examine(environmentRules(subject))
}

/** What an environment has made of a worker. */
interface Draft {
  readonly launch: Launch
  readonly facts: Json
  readonly hasApply: boolean
  readonly hasVerify: boolean
}

/** Every rule for environments, in the order in which a failure explains those after it. */
export function environmentRules(subject: EnvironmentSubject): readonly Rule[] {
  const { environment, options = {}, refused = [], absent, snapshot, limitMs = 5_000 } = subject
  const given = { url: urlOf(environment), options, limitMs }
  const limits = deadlines(limitMs)
  const silently = async (job: EnvironmentJob | VerifyJob, start: Partial<Start>): Promise<Ended> => {
    const ended = await inProcess(job, { ...limits, ...start })
    expectSilence(ended, 'environment')
    return ended
  }
  const attempt = (probe: EnvironmentJob['probe'], start: Partial<Start> = {}): Promise<Ended> =>
    silently(
      { kind: 'environment', probe, refused, absent, hasSnapshot: snapshot !== undefined, ...given },
      { ...(snapshot && { answers: { snapshot } }), ...start },
    )
  const probing = (probe: EnvironmentProbe, start?: Partial<Start>) => async () =>
    (await attempt(probe, start)).notes
  const proofs = proofsOf({
    draft: async () => (await attempt('draft')).value as unknown as Draft,
    async start(launch) {
      await inProcess({ kind: 'idle' }, { ...limits, ...launch })
    },
    async applied(then) {
      let failure: unknown
      const applied = async (): Promise<null> => {
        await then().catch((error: unknown) => (failure = error))
        return null
      }
      await attempt('hold', { answers: { applied } })
      if (failure !== undefined) throw failure
    },
    async verify({ launch, facts }, shaped) {
      const drafted = { launch: launch as unknown as Json, facts, without: wordsOf(launch) }
      await silently({ kind: 'verify', isShaped: shaped !== undefined, ...drafted, ...given }, { ...shaped })
    },
  })
  const rules: Record<string, Rule['run']> = {
    [commonRules.identity]: probing('identity'),
    [commonRules.options]: probing('options'),
    [commonRules.descriptions]: probing('descriptions'),
    'discovers facts, and never throws': probing('discover'),
    'discovers on a machine without programs, and never throws': probing('discover', {
      env: { PATH: '/nonexistent', HOME: '/nonexistent' },
    }),
    'uses the names and types of the fact vocabulary': probing('facts'),
    'derives settings with a reason, and the same from the same facts': probing('derive'),
    'advises with a reason, and changes nothing': probing('advise'),
    'undoes what it applies': probing('apply'),
    'only appends to the command line of a worker': probing('launch'),
    'proves that it took effect in a worker that was started its way': proofs.tookEffect,
    'notices when it did not take effect': proofs.canFail,
    'watches what it declares, and lets go': probing('watch'),
  }
  return Object.entries(rules).map(([name, run]) => ({ name, limitMs: limits.limitMs, run }))
}

/** How to look at what an environment makes of workers. */
interface Workshop {
  draft(): Promise<Draft>
  /** Starts a worker that does nothing. */
  start(launch: Launch): Promise<void>
  /** Runs something while another process has applied, as an agent has while workers run. */
  applied(then: () => Promise<void>): Promise<void>
  /** Runs `verify` in a worker that is shaped like this, or not at all. */
  verify(draft: Draft, shaped: Launch | undefined): Promise<void>
}

function proofsOf({
  draft,
  start,
  applied,
  verify,
}: Workshop): Record<'tookEffect' | 'canFail', Rule['run']> {
  return {
    async tookEffect() {
      const made = await draft()
      if (made.hasVerify) {
        const prove = (): Promise<void> => verify(made, made.launch)
        await (made.hasApply ? applied(prove) : prove())
        return []
      }
      if (!isShaped(made.launch)) return ['not tried: the environment has no verify']
      await start(made.launch)
      throw fault({
        what: `launch adds ${wordsOf(made.launch)}, and there is no verify`,
        expected: 'a proof inside the worker: a setting that silently has no effect would distort the result',
        next: 'verify(launch, context) { … }, which throws unless it took effect',
      })
    },
    async canFail() {
      const made = await draft()
      if (!made.hasVerify) return ['not tried: the environment has no verify']
      if (!isShaped(made.launch)) return ['not tried: launch adds nothing with these options']
      await verify(made, undefined)
      return []
    },
  }
}

function isShaped({ wrap, execArgv, env }: Launch): boolean {
  return wrap.length > 0 || execArgv.length > 0 || Object.keys(env).length > 0
}

function wordsOf({ wrap, execArgv, env }: Launch): string {
  return [...wrap, ...execArgv, ...Object.entries(env).map(([name, value]) => `${name}=${value}`)].join(' ')
}
