import { isDeepStrictEqual } from 'node:util'
import type { DerivedSetting } from '@cloudbench/core'
import { lifecycle } from '@cloudbench/core/program'
import { blame, fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { freeze } from '../freeze.ts'
import { expectJson } from '../json.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { openWithFacts, type Subject } from './subject.ts'
import { untouched } from './untouched.ts'

/** Derives settings twice from the same facts. */
export async function probeDerive(job: EnvironmentJob): Promise<readonly string[]> {
  const subject = await openWithFacts(job)
  if (!subject.environment.derive) return ['not tried: the environment has no derive']
  const before = activeResources()
  const first = await derive(subject)
  expectSettings(first)
  const second = await derive(subject)
  if (!isDeepStrictEqual(first, second))
    throw fault({
      what: `derive answers differently the second time: ${JSON.stringify(first)} became ${JSON.stringify(second)}`,
      expected: 'settings that depend on the options and the facts alone: every command derives them anew',
      next: 'look at the machine in discover, and keep nothing between calls',
    })
  await expectNothingLeft(
    before,
    job.limitMs,
    'after derive',
    'finish what derive has started before it resolves',
  )
  return []
}

function derive({ environment, context }: Subject): Promise<unknown> {
  const facts = freeze(structuredClone(context.facts))
  const { limitMs } = lifecycle['machine:derive']
  return blame(
    () =>
      untouched('derive', () =>
        within<unknown>(limitMs, 'derive', () => environment.derive!({ ...context, facts })),
      ),
    (message) => ({
      what: `derive throws: ${message}`,
      expected: 'settings; [] if nothing follows from the machine',
      next: 'derive nothing from facts that are absent, and do not change the facts',
    }),
  )
}

function expectSettings(settings: unknown): void {
  expectJson(settings, 'what derive resolves with')
  const example = "[{ path: 'defaults.workers', value: 2, reason: 'NUMA node 0 has 2 CPUs' }]"
  if (!Array.isArray(settings))
    throw fault({
      what: `derive resolves with ${JSON.stringify(settings)}, which is not a list`,
      expected: `a list of settings: ${example}`,
      next: 'return []',
    })
  for (const setting of settings as Partial<DerivedSetting>[]) {
    const { path, value, reason } = setting ?? {}
    if (typeof path !== 'string' || !/^(defaults|targets)\b./.test(path) || value === undefined)
      throw fault({
        what: `derive answers ${JSON.stringify(setting)}, which is not a setting`,
        expected: `path and value of a setting below defaults or targets: ${example}`,
        next: 'write the path as --set takes it',
      })
    if (typeof reason !== 'string' || reason.trim() === '')
      throw fault({
        what: `derive gives no reason for ${path}`,
        expected: 'a reason: `cloudbench config` shows it to people who have not written the setting',
        next: "reason: '…', such as NUMA node 0 has 2 CPUs",
      })
  }
}
