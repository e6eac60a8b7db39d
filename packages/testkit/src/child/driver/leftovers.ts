import type { DriverJob } from '../../job.ts'
import { messageOf } from '@cloudbench/core'
import { fault, isFault } from '../../fault.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { answered } from './call.ts'
import { withServer } from './server.ts'
import { openRig } from './rig.ts'

const requests = 50

/** Opens, uses and closes, and then there is nothing left. */
export async function probeLeftovers(job: DriverJob): Promise<void> {
  await withServer(job, async (target) => {
    const before = activeResources()
    const rig = await openRig(job, target)
    await rig.prepare()
    const links = [await rig.connect(), await rig.connect()]
    for (const { connection } of links)
      for (let index = 0; index < requests; index++) await answered(connection, index, job.limitMs)
    for (const link of links)
      try {
        await link.close()
      } catch (error) {
        if (isFault(error)) throw error
        throw fault({
          what: `a healthy connection fails to close: ${messageOf(error)}`,
          expected: 'close resolves',
          next: 'let close end the connection and resolve, whatever the client says',
        })
      }
    await rig.close()
    await expectNothingLeft(
      before,
      job.limitMs,
      'after every connection was closed',
      'end sockets and clear timers in close',
    )
  })
}
