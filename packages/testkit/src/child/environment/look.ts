import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Facts, Json } from '@cloudbench/core'
import type { EnvironmentJob } from '../../job.ts'
import { ask, doing } from '../parent.ts'
import type { Subject } from './subject.ts'

/** How to see whether something changes the machine. */
export interface Look {
  /** The state of the machine as it is. */
  now(): Promise<Json>
  /** The change in words; `undefined` when the machine is as it was before. */
  changeSince(before: Json): Promise<string | undefined>
}

/** Looks at the snapshot of the test, or else at the facts that do not move by themselves. */
export async function lookAt(subject: Subject, job: EnvironmentJob): Promise<Look> {
  return job.hasSnapshot ? atSnapshot : await atFacts(subject)
}

const atSnapshot: Look = {
  async now() {
    doing('taking a snapshot')
    return ask('snapshot')
  },
  async changeSince(before) {
    const after = await this.now()
    return isDeepStrictEqual(before, after) ? undefined : difference(before, after)
  },
}

/** Memory in use moves by itself, but seldom between two looks in a row. So a change is only believed when it stays. */
const controls = 20
const betweenControlsMs = 50

async function atFacts({ discover }: Subject): Promise<Look> {
  const facts = async (): Promise<Facts> => (await discover()) ?? {}
  const [one, other] = [await facts(), await facts()]
  const moving = new Set(differing(one, other))
  const without = (all: Facts): Facts =>
    Object.fromEntries(Object.entries(all).filter(([name]) => !moving.has(name)))
  return {
    async now() {
      return without(await facts())
    },
    async changeSince(before) {
      const earlier = before as Facts
      const after = await facts()
      let changed = differing(without(earlier), without(after))
      for (let control = 0; changed.length > 0 && control < controls; control++) {
        await sleep(betweenControlsMs)
        for (const name of differing(after, await facts())) moving.add(name)
        changed = changed.filter((name) => !moving.has(name))
      }
      if (changed.length === 0) return undefined
      const only = (all: Facts): Facts => Object.fromEntries(changed.map((name) => [name, all[name] ?? null]))
      return difference(only(earlier), only(after))
    },
  }
}

function differing(one: Facts, other: Facts): string[] {
  const names = new Set([...Object.keys(one), ...Object.keys(other)])
  return [...names].filter((name) => !isDeepStrictEqual(one[name], other[name]))
}

function difference(before: Json, after: Json): string {
  return `${JSON.stringify(before)} became ${JSON.stringify(after)}`
}
