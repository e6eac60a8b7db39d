import type { DriverJob } from '../../job.ts'
import { fault } from '../../fault.ts'
import { withRig } from './answers.ts'
import { answered } from './call.ts'

const attempts = 5
/** A thousand times what a request may cost, so that no noise of the machine is mistaken for it. */
const blockedMs = 100

/** Looks whether a request gives way to the event loop, which all connections of a worker share. */
export async function probeBlocking(job: DriverJob): Promise<void> {
  await withRig(job, async (_rig, { connection, close }) => {
    let leastMs = Infinity
    for (let index = 0; index < attempts; index++) {
      const startMs = performance.now()
      const answer = answered(connection, index, job.limitMs)
      leastMs = Math.min(leastMs, performance.now() - startMs)
      await answer
    }
    await close()
    if (leastMs >= blockedMs)
      throw fault({
        what: `every request blocks the event loop for ${Math.round(leastMs)} ms or more before it gives way`,
        expected:
          'a request that is sent at once, and answered later: one loop serves every connection of a worker',
        next: 'use the asynchronous functions of the client, and compute what is expensive once, in connect',
      })
  })
}
