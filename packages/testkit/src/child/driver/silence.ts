import type { DriverJob } from '../../job.ts'
import { withRig } from './rig.ts'

/** Does everything once, so that the parent can see whether anything was printed. */
export async function probeSilence(job: DriverJob): Promise<void> {
  await withRig(job, async (link) => {
    for (let index = 0; index < 20; index++) await link.answer(index)
  })
}
