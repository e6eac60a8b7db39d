import { isDeepStrictEqual } from 'node:util'
import type { Facts, Json } from '@cloudbench/core'
import type { EnvironmentJob } from '../../job.ts'
import { ask, doing } from '../parent.ts'
import type { Subject } from './subject.ts'

/** How to look at the machine: with the snapshot of the test, or else by the facts that do not change by themselves. */
export async function steadyLook({ discover }: Subject, job: EnvironmentJob): Promise<() => Promise<Json>> {
  if (job.hasSnapshot)
    return async () => {
      doing('taking a snapshot')
      return ask('snapshot')
    }
  const [one = {}, other = {}] = [await discover(), await discover()]
  const steady = Object.keys(one).filter((name) => isDeepStrictEqual(one[name], other[name]))
  return async () => {
    const facts: Facts = (await discover()) ?? {}
    return Object.fromEntries(steady.map((name) => [name, facts[name] ?? null]))
  }
}

export function difference(before: Json, after: Json): string {
  return `${JSON.stringify(before)} became ${JSON.stringify(after)}`
}
