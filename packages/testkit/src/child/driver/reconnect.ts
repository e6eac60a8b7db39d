import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { until } from '../until.ts'
import { within } from '../within.ts'
import { unanswered } from './call.ts'
import { withProxy } from './with-proxy.ts'

/** Loses the connection of a request in flight while the server stays up. */
export async function probeReconnect(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, link, rig) => {
    proxy.answers.hold()
    const before = proxy.sent.length
    const request = link.send(1).then(
      (outcome) => outcome.name,
      () => undefined,
    )
    if (!(await until(job.limitMs, () => proxy.sent.length > before)))
      throw unanswered('request 1', job.limitMs)
    proxy.drop()
    proxy.answers.release()
    const answer = await within(
      job.limitMs,
      'a request that has lost its connection',
      () => request,
      'fail what is in flight when the socket closes',
    )
    // a request that is safe to repeat may be, if that is counted
    if (answer !== undefined && rig.resent() === 0)
      throw fault({
        what: `the driver reconnects silently: a request that had lost its connection was sent again and answered with "${answer}"`,
        expected: 'a failure: the host replaces connections, and counts the request that was lost',
        next: "turn off the client's own reconnecting and retries",
      })
    await link.abandon()
  })
}
