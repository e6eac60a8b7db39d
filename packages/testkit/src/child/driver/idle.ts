import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { until } from '../until.ts'
import { expectCounted } from './sockets.ts'
import { withProxy } from './with-proxy.ts'

/** Ends every connection while nothing is in flight, as servers do with those that have been idle for long. */
export async function probeIdle(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, link, rig) => {
    let isLost = false
    void link.lost.then(() => (isLost = true))
    proxy.drop()
    // a client that opens connections by itself may open the next one with the next request
    if (!(await until(job.limitMs, () => isLost || rig.sockets.open === 0)))
      throw fault({
        what: 'the server has closed an idle connection, and the driver does not say so',
        expected: 'context.lost(): the host replaces the connection before a request is lost to it',
        next: 'call context.lost when the socket ends or fails, also while nothing is in flight',
      })
    if (isLost) await link.abandon()
    const next = isLost ? await rig.connect() : link
    await next.answer(1)
    await expectCounted(proxy, rig, job.limitMs)
    await next.close()
  })
}
