import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { withRig } from './rig.ts'

const attempts = 5
/** A thousand times what a request may cost, so that machine noise is not mistaken for it. */
const blockedMs = 100

/** Checks that a request gives way to the event loop, which all connections of a worker share. */
export async function probeBlocking(job: DriverJob): Promise<void> {
  await withRig(job, async (link) => {
    let leastMs = Infinity
    for (let index = 0; index < attempts; index++) {
      const startMs = performance.now()
      const answer = link.answer(index)
      leastMs = Math.min(leastMs, performance.now() - startMs)
      await answer
    }
    if (leastMs >= blockedMs)
      throw fault({
        what: `every request blocks the event loop for ${Math.round(leastMs)} ms or more before it gives way`,
        expected:
          'a request that is sent at once and answered later: one loop serves every connection of a worker',
        next: 'use the asynchronous functions of the client, and do expensive work once, in connect',
      })
  })
}
