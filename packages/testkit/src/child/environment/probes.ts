import type { EnvironmentJob } from '../../job.ts'
import { probeDescriptions } from '../descriptions.ts'
import { load, probeIdentity, probeOptions } from '../plugin.ts'
import { probeAdvise } from './advise.ts'
import { probeApply } from './apply.ts'
import { probeDerive } from './derive.ts'
import { probeDiscover } from './discover.ts'
import { probeFacts } from './facts.ts'
import { holdApplied } from './hold.ts'
import { probeLaunch } from './launch.ts'
import { probeWatch } from './watch.ts'

type Probe = (job: EnvironmentJob) => Promise<readonly string[] | void>

/** What is tried with an environment, each in a process of its own. */
export const environmentProbes = {
  identity: async (job) => void (await probeIdentity('environment', job)),
  options: async (job) => {
    const { name, options } = await load('environment', job)
    await probeOptions(name, options, job)
  },
  descriptions: async (job) => {
    const { name, options } = await load('environment', job)
    return probeDescriptions(name, options)
  },
  discover: probeDiscover,
  facts: probeFacts,
  derive: probeDerive,
  advise: probeAdvise,
  apply: probeApply,
  hold: holdApplied,
  launch: probeLaunch,
  watch: probeWatch,
} satisfies Record<string, Probe>

export type EnvironmentProbe = keyof typeof environmentProbes
