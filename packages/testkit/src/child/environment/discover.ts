import type { EnvironmentJob } from '../../job.ts'
import { openSubject } from './subject.ts'

/** Discovers on this machine, and on one with nothing to discover. */
export async function probeDiscover(job: EnvironmentJob): Promise<readonly string[]> {
  const subject = await openSubject(job)
  if ((await subject.discover()) === undefined) return ['not tried: the environment has no discover']
  if (job.absent !== undefined) {
    const elsewhere = await openSubject({ ...job, options: job.absent })
    await elsewhere.discover()
  }
  return []
}
