import type { EnvironmentJob } from '../../job.ts'
import { openSubject } from './subject.ts'

/** Looks at this machine, and at one that has nothing to look at. */
export async function probeDiscover(job: EnvironmentJob): Promise<readonly string[]> {
  const subject = await openSubject(job)
  if ((await subject.discover()) === undefined) return ['not tried: the environment has no discover']
  if (job.absent !== undefined) {
    const elsewhere = await openSubject({ ...job, options: job.absent })
    await elsewhere.discover()
  }
  return []
}
