import type { DriverJob } from '../../job.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../../fault.ts'
import { answered } from './call.ts'
import { withProxy } from './with-proxy.ts'

const pauseMs = 10

/** Looks from the server's side whether a connection that was closed is gone. */
export async function probeDisconnect(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, rig) => {
    const link = await rig.connect()
    await answered(link.connection, 0, job.limitMs)
    await link.close()
    const endMs = performance.now() + job.limitMs
    while (proxy.open > 0 && performance.now() < endMs) await sleep(pauseMs)
    if (proxy.open > 0)
      throw fault({
        what: 'after close, the connection to the server is still open',
        expected: 'no connection: the next run, and the server, would have to live with the rest of this one',
        next: 'end or destroy the socket in close; unref is not enough',
      })
    return []
  })
}
