import type { DriverJob } from '../../job.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../../fault.ts'
import { answered, send } from './call.ts'
import { withProxy } from './with-proxy.ts'

/** More than this many at once prove nothing more. */
const enough = 16
const pauseMs = 2

/** Holds the answers back, and sees that further requests leave all the same. */
export async function probeStreams(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, session) => {
    const link = await session.connect()
    const { connection, streams } = link
    await answered(connection, 0, job.limitMs)
    if (streams === 1) {
      await link.close()
      return []
    }
    const atOnce = Math.min(streams, enough)
    proxy.hold()
    const waiting: Promise<unknown>[] = []
    for (let inFlight = 1; inFlight <= atOnce; inFlight++) {
      const before = proxy.sentBytes
      waiting.push(send(connection, inFlight).catch((error: unknown) => error))
      const endMs = performance.now() + job.limitMs
      while (proxy.sentBytes === before && performance.now() < endMs) await sleep(pauseMs)
      if (proxy.sentBytes === before)
        throw fault({
          what: `the connection claims ${streams} streams, and handles ${inFlight - 1} at once: request ${inFlight} does not leave before an earlier one is answered`,
          expected: `${streams} requests in flight`,
          next: 'send without waiting for the answers before, or leave `streams` at 1',
        })
    }
    proxy.release()
    const answers = await Promise.all(waiting)
    const failure = answers.find((answer) => answer instanceof Error)
    if (failure)
      throw fault({
        what: `of ${atOnce} requests at once, one fails: ${failure.message}`,
        expected: `${streams} streams, as the connection says`,
        next: 'tell the answers apart, or leave `streams` at 1',
      })
    await link.close()
    return []
  })
}
