import type { DriverJob } from '../../job.ts'
import { answered } from './call.ts'
import { withSession } from './answers.ts'

/** Does everything once, so that the parent can see whether anything was printed. */
export async function probeSilence(job: DriverJob): Promise<void> {
  await withSession(job, async (_session, link) => {
    for (let index = 0; index < 20; index++) await answered(link.connection, index, job.limitMs)
    await link.close()
  })
}
