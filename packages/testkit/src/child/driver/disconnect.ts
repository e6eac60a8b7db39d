import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { until } from '../until.ts'
import { withProxy } from './with-proxy.ts'

/** Checks from the server's side that a closed connection is gone. */
export async function probeDisconnect(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, link) => {
    await link.close()
    if (await until(job.limitMs, () => proxy.open === 0)) return
    throw fault({
      what: 'after close, the connection to the server is still open',
      expected: 'no connection: leftovers would burden the server and the next run',
      next: 'end or destroy the socket in close; unref is not enough',
    })
  })
}
