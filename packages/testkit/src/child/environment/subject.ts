import type { Environment, EnvironmentContext, Facts, Schema } from '@cloudbench/core'
import { lifecycle, machineFacts } from '@cloudbench/core/program'
import { blame, fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { expectJson } from '../json.ts'
import { load, parse } from '../plugin.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { untouched } from './untouched.ts'

/** An environment with what an agent gives it. */
export interface Subject {
  readonly environment: Environment
  readonly context: EnvironmentContext
  /** Looks at the machine; undefined if the environment has no discover. */
  discover(): Promise<Facts | undefined>
}

/** Imports the environment of a job. */
export async function openSubject(
  job: Pick<EnvironmentJob, 'url' | 'options' | 'limitMs'>,
  facts: Readonly<Record<string, Facts>> = { machine: machineFacts() },
): Promise<Subject> {
  const environment = await load('environment', job)
  const options = await parse(environment.name, environment.options as Schema | undefined, job.options)
  const context: EnvironmentContext = {
    options,
    facts,
    log: { debug: () => {}, info: () => {}, warn: () => {} },
    signal: new AbortController().signal,
  }
  return { environment, context, discover: () => discover(environment, context, job.limitMs) }
}

/** The same with what it has discovered. */
export async function openWithFacts(job: EnvironmentJob): Promise<Subject> {
  const { environment, discover: look } = await openSubject(job)
  const facts: Facts | undefined = await look()
  return openSubject(job, { machine: machineFacts(), ...(facts && { [environment.name]: facts }) })
}

async function discover(
  environment: Environment,
  context: EnvironmentContext,
  limitMs: number,
): Promise<Facts | undefined> {
  if (!environment.discover) return undefined
  const before = activeResources()
  const hint = 'leave out what cannot be found out, and give each question a deadline of its own'
  const { limitMs: discoverMs } = lifecycle['machine:discover']
  const facts: unknown = await blame(
    () =>
      untouched('discover', () => within(discoverMs, 'discover', () => environment.discover!(context), hint)),
    (message) => ({
      what: `discover throws: ${message}`,
      expected: 'facts: most machines lack most features, and runs go on without them',
      next: hint,
    }),
  )
  expectFacts(facts, 'discover')
  await expectNothingLeft(
    before,
    limitMs,
    'after discover',
    'finish what discover has started before it resolves',
  )
  return facts
}

/** A fault unless it is a JSON object. */
export function expectFacts(facts: unknown, from: string): asserts facts is Facts {
  expectJson(facts, `what ${from} resolves with`)
  if (typeof facts !== 'object' || facts === null || Array.isArray(facts))
    throw fault({
      what: `${from} resolves with ${JSON.stringify(facts)}, which is not an object`,
      expected: "facts by name, such as { 'memory.limitBytes': 268435456 }; {} if there are none",
      next: 'give what was found a name',
    })
}
