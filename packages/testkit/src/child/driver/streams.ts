import type { DriverJob } from '../../job.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../../fault.ts'
import { answered, failed, send, unanswered } from './call.ts'
import type { Proxy } from './proxy.ts'
import { withProxy } from './with-proxy.ts'

/** More than this many at once prove nothing more. */
const enough = 16
const pauseMs = 2
/** After this long without a byte, everybody waits for everybody. */
const quietMs = 30

/** Sends requests at once, and counts how often the server has to answer before all of them are done. */
export async function probeStreams(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, rig) => {
    const link = await rig.connect()
    const { connection, streams } = link
    await answered(connection, 0, job.limitMs)
    if (streams > 1) {
      const atOnce = Math.min(streams, enough)
      proxy.hold()
      const progress: { done: number; failure?: Error } = { done: 0 }
      for (let index = 1; index <= atOnce; index++)
        send(connection, index).then(
          () => progress.done++,
          (error: unknown) => (progress.failure ??= failed(index, error)),
        )
      let rounds = 0
      for (; progress.done < atOnce; rounds++) {
        await untilQuiet(proxy, job.limitMs, progress.done + 1)
        proxy.flush()
        await sleep(pauseMs)
        if (progress.failure) throw progress.failure
      }
      proxy.release()
      // batches may take a few rounds: one that is under way, and one for those that came meanwhile
      if (rounds > atOnce / 2 + 1)
        throw fault({
          what: `the connection claims ${streams} streams, and its requests wait for each other: ${atOnce} at once took ${rounds} rounds of answers`,
          expected: `${streams} requests in flight`,
          next: 'send without waiting for the answers before, or leave `streams` at 1',
        })
    }
    await link.close()
    return []
  })
}

/** Resolves when the server has answered, and nothing moves any more. */
async function untilQuiet(proxy: Proxy, limitMs: number, waitingFor: number): Promise<void> {
  const endMs = performance.now() + limitMs
  let movedMs = performance.now()
  let before = -1
  for (;;) {
    await sleep(pauseMs)
    const bytes = proxy.sentBytes + proxy.keptBytes
    if (bytes !== before) movedMs = performance.now()
    before = bytes
    if (proxy.keptBytes > 0 && performance.now() - movedMs > quietMs) return
    if (performance.now() > endMs) throw unanswered(waitingFor, limitMs)
  }
}
