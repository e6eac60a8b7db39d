import { isDeepStrictEqual } from 'node:util'
import type { Json, Launch } from '@cloudbench/core'
import { lifecycle } from '@cloudbench/core/program'
import { blame, fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { openWithFacts, type Subject } from './subject.ts'
import { untouched } from './untouched.ts'

/** A draft that other environments have already shaped. */
function usedDraft(): Launch {
  return {
    worker: { index: 1, total: 2 },
    wrap: ['cloudbench-other-program', '--its-flag'],
    execArgv: ['--stack-size=900'],
    env: { CLOUDBENCH_TESTKIT_OTHER: 'kept' },
  }
}

/** Shapes workers that others have already shaped. */
export async function probeLaunch(job: EnvironmentJob): Promise<readonly string[]> {
  const subject = await openWithFacts(job)
  if (!subject.environment.launch) return ['not tried: the environment has no launch']
  const before = activeResources()
  const first = await draft(subject, usedDraft())
  expectAppended(first)
  const second = await draft(subject, usedDraft())
  if (!isDeepStrictEqual(first, second))
    throw fault({
      what: `launch shapes the same worker differently the second time: ${JSON.stringify(first)} became ${JSON.stringify(second)}`,
      expected: 'a command line that depends on the draft, the options and the facts alone',
      next: 'keep nothing between calls',
    })
  await expectNothingLeft(
    before,
    job.limitMs,
    'after launch',
    'finish what launch has started before it resolves',
  )
  return []
}

/** What the environment makes of an unshaped worker, for the parent to start one like it. */
export async function draftLaunch(job: EnvironmentJob): Promise<Json> {
  const subject = await openWithFacts(job)
  const launch: Launch = { worker: { index: 0, total: 1 }, wrap: [], execArgv: [], env: {} }
  const { environment, context } = subject
  const made = environment.launch ? await draft(subject, launch) : launch
  return {
    launch: made as unknown as Json,
    facts: context.facts as Json,
    hasApply: environment.apply !== undefined,
    hasVerify: environment.verify !== undefined,
  }
}

async function draft({ environment, context }: Subject, launch: Launch): Promise<Launch> {
  const { limitMs } = lifecycle['worker:launch']
  await blame(
    () => untouched('launch', () => within(limitMs, 'launch', () => environment.launch!(launch, context))),
    (message) => ({
      what: `launch throws: ${message}`,
      expected: 'a command line for the machine that runs the test',
      next: 'correct it, or give `options` with which it can work here',
    }),
  )
  const strange = [...launch.wrap, ...launch.execArgv, ...Object.values(launch.env)].find(
    (word) => typeof word !== 'string',
  )
  if (strange !== undefined)
    throw fault({
      what: `launch puts ${JSON.stringify(strange)} into the command line, which is a ${typeof strange}`,
      expected: 'strings, one for each word',
      next: 'String(…)',
    })
  return launch
}

function expectAppended(launch: Launch): void {
  const before = usedDraft()
  for (const part of ['wrap', 'execArgv'] as const) {
    const kept = before[part].every((word, at) => launch[part][at] === word)
    if (!kept)
      throw fault({
        what: `launch changes what was there before: ${part} was ${before[part].join(' ')} and became ${launch[part].join(' ') || 'empty'}`,
        expected: 'words appended to those that are there: other environments have added them',
        next: `launch.${part}.push(…)`,
      })
  }
  for (const [name, value] of Object.entries(before.env))
    if (launch.env[name] !== value)
      throw fault({
        what: `launch changes what was there before: env.${name} was "${value}" and became ${JSON.stringify(launch.env[name])}`,
        expected: 'variables beside those that are there: other environments have added them',
        next: 'set variables of your own, and leave the others alone',
      })
  if (!isDeepStrictEqual(launch.worker, before.worker))
    throw fault({
      what: `launch changes the number of the worker: ${JSON.stringify(before.worker)} became ${JSON.stringify(launch.worker)}`,
      expected: 'a worker that keeps its number',
      next: 'read launch.worker, and leave it alone',
    })
}
