import { blame } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { openRig } from './rig.ts'
import { withServer } from './server.ts'

const requests = 50

/** Opens, uses and closes; afterwards nothing is left. */
export async function probeLeftovers(job: DriverJob): Promise<void> {
  await withServer(job, async (target) => {
    const before = activeResources()
    const rig = await openRig(job, target)
    await rig.prepare()
    const links = [await rig.connect(), await rig.connect()]
    for (const link of links) for (let index = 0; index < requests; index++) await link.answer(index)
    for (const link of links)
      await blame(link.close, (message) => ({
        what: `a healthy connection fails to close: ${message}`,
        expected: 'close resolves',
        next: 'end the connection in close and resolve, whatever the client says',
      }))
    await rig.close()
    await expectNothingLeft(
      before,
      job.limitMs,
      'after every connection was closed',
      'end sockets and clear timers in close',
    )
  })
}
