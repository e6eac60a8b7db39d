import type { ReporterJob } from '../../job.ts'
import { probeDescriptions } from '../descriptions.ts'
import { load, probeIdentity, probeOptions } from '../plugin.ts'
import { probeClose } from './close.ts'
import { replay } from './replay.ts'
import { report } from './report.ts'

/** Resolves with what was written to standard output, or with why nothing was tried. */
type Probe = (job: ReporterJob) => Promise<string | void>

/** What is tried with a reporter, each in a process of its own. */
export const reporterProbes = {
  identity: async (job) => void (await probeIdentity('reporter', job)),
  options: async (job) => {
    const { name, options } = await load('reporter', job)
    await probeOptions(name, options, job)
  },
  descriptions: async (job) => {
    const { name, options } = await load('reporter', job)
    return probeDescriptions(name, options)[0]
  },
  report: (job) => report(job),
  live: (job) => report(job),
  draw: (job) => report(job, { isTTY: true }),
  aside: (job) => report(job, { screen: 'stderr' }),
  close: probeClose,
  replay,
} satisfies Record<string, Probe>

export type ReporterProbe = keyof typeof reporterProbes
