import { access, constants } from 'node:fs/promises'
import type { Advice, EnvironmentContext } from '@cloudbench/core'
import { compare, type Compared } from './compare.ts'
import type { NetworkOptions } from './options.ts'
import { commandOf, fileOf } from './sysctl.ts'

/** What falls short, each with its reason and what would set it. */
export async function advise({ options }: EnvironmentContext<NetworkOptions>): Promise<readonly Advice[]> {
  const all = await Promise.all((await compare(options)).map((setting) => adviceOn(setting, options.root)))
  return all.flat()
}

async function adviceOn(setting: Compared, root: string): Promise<readonly Advice[]> {
  const { key, wanted, rule, reason, current, to, isAsked } = setting
  if (current === undefined || to === undefined) return []
  // a run would end with it
  const isRefused = isAsked && !(await canWrite(fileOf(root, key)))
  return [
    {
      what: `${key} is ${current}, not ${rule === 'at least' ? `at least ${wanted}` : wanted}${isRefused ? ', and this user cannot set it here' : ''}`,
      why: isRefused ? `a run would end before any load, since it is to be applied; ${reason}` : reason,
      how: isRefused
        ? `type ${commandOf(key, to)} on the host, or leave ${key} out of apply`
        : commandOf(key, to),
      state: isRefused ? 'doubtful' : 'note',
      change: { setting: key, from: current, to, isAsked },
    },
  ]
}

function canWrite(file: string): Promise<boolean> {
  return access(file, constants.W_OK).then(
    () => true,
    () => false,
  )
}
