import type { Advice, EnvironmentContext } from '@cloudbench/core'
import { compare } from './compare.ts'
import type { NetworkOptions } from './options.ts'
import { commandOf } from './sysctl.ts'

/** What falls short, each with its reason and what would set it. */
export async function advise({ options }: EnvironmentContext<NetworkOptions>): Promise<readonly Advice[]> {
  return (await compare(options)).flatMap(({ key, wanted, rule, reason, current, to, isAsked }) => {
    if (current === undefined || to === undefined) return []
    return {
      what: `${key} is ${current}, not ${rule === 'at least' ? `at least ${wanted}` : wanted}`,
      why: reason,
      how: commandOf(key, to),
      state: 'note',
      change: { setting: key, from: current, to, isAsked },
    }
  })
}
