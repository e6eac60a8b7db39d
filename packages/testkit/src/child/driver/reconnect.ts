import type { DriverJob } from '../../job.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { fault, isFault } from '../../fault.ts'
import { within } from '../within.ts'
import { answered, send } from './call.ts'
import { withProxy } from './with-proxy.ts'

const pauseMs = 2

/** Loses the connection of a request in flight, while the server stays up. */
export async function probeReconnect(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, rig) => {
    const link = await rig.connect()
    await answered(link.connection, 0, job.limitMs)
    proxy.hold()
    const before = proxy.sentBytes
    const request = send(link.connection, 1).then(
      (outcome) => outcome.name,
      () => undefined,
    )
    while (proxy.sentBytes === before) await sleep(pauseMs)
    const openedBefore = proxy.opened
    proxy.drop()
    proxy.release()
    const answer = await within(
      job.limitMs,
      'a request that has lost its connection',
      () => request,
      'fail what is in flight when the socket closes',
    )
    if (answer !== undefined)
      throw fault({
        what: `the driver reconnects silently: a request that had lost its connection was sent again over ${proxy.opened - openedBefore} new ones and answered with "${answer}"`,
        expected: 'a failure: the host replaces connections, and counts the request that was lost',
        next: "turn off the client's own reconnecting and retries",
      })
    await link.close().catch((error: unknown) => {
      if (isFault(error)) throw error
    })
    return []
  })
}
