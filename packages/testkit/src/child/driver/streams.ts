import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import type { Proxy } from '../../proxy/proxy.ts'
import { until } from '../until.ts'
import { failed, unanswered } from './call.ts'
import { withProxy } from './with-proxy.ts'

/** More than this many at once prove nothing more. */
const enough = 16
const pauseMs = 2
/** After this long without a byte, everyone is waiting for everyone else. */
const quietMs = 30

/** Sends requests at once, and counts how often the server has to answer before all of them are done. */
export async function probeStreams(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, link) => {
    const atOnce = Math.min(link.streams, enough)
    if (atOnce > 1) {
      proxy.answers.hold()
      const progress: { done: number; failure?: Error } = { done: 0 }
      for (let index = 1; index <= atOnce; index++)
        link.send(index).then(
          () => progress.done++,
          (error: unknown) => (progress.failure ??= failed(`request ${index}`, error)),
        )
      let rounds = 0
      for (; progress.done < atOnce; rounds++) {
        if (!(await becomesQuiet(proxy, job.limitMs)))
          throw unanswered(`request ${progress.done + 1}`, job.limitMs)
        proxy.answers.flush()
        await sleep(pauseMs)
        if (progress.failure) throw progress.failure
      }
      proxy.answers.release()
      // batches may take a few rounds: the one under way, and one for requests that came meanwhile
      if (rounds > atOnce / 2 + 1)
        throw fault({
          what: `the connection claims ${link.streams} streams, but its requests wait for each other: ${atOnce} at once took ${rounds} rounds of answers`,
          expected: `${link.streams} requests in flight`,
          next: 'send without waiting for earlier answers, or leave `streams` at 1',
        })
    }
    await link.close()
  })
}

/** Whether the server answers within the limit, and nothing moves any more. */
function becomesQuiet(proxy: Proxy, limitMs: number): Promise<boolean> {
  let movedMs = performance.now()
  let before = -1
  return until(limitMs, () => {
    const chunks = proxy.sent.length + proxy.answers.kept
    if (chunks !== before) movedMs = performance.now()
    before = chunks
    return proxy.answers.kept > 0 && performance.now() - movedMs > quietMs
  })
}
