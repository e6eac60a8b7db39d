import type { DriverJob } from '../../job.ts'
import { answered } from './call.ts'
import { withRig } from './answers.ts'

/** Does everything once, so that the parent can see whether anything was printed. */
export async function probeSilence(job: DriverJob): Promise<void> {
  await withRig(job, async (_rig, link) => {
    for (let index = 0; index < 20; index++) await answered(link.connection, index, job.limitMs)
    await link.close()
  })
}
