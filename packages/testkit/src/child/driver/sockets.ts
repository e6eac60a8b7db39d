import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import type { Proxy } from '../../proxy/proxy.ts'
import { until } from '../until.ts'
import type { Rig } from './rig.ts'
import { withProxy } from './with-proxy.ts'

const requests = 20

/** Compares the connections that are reported with those that the server's side sees, as some come and go. */
export async function probeSockets(job: DriverJob): Promise<readonly string[]> {
  return withProxy(job, async (proxy, link, rig) => {
    const other = await rig.connect()
    for (const each of [link, other]) for (let index = 0; index < requests; index++) await each.answer(index)
    await expectCounted(proxy, rig, job.limitMs)
    await link.close()
    await expectCounted(proxy, rig, job.limitMs)
    const third = await rig.connect()
    await third.answer(0)
    await expectCounted(proxy, rig, job.limitMs)
    for (const each of [other, third]) await each.close()
  })
}

/** A fault when the connections that were opened, or those that are open, are not those that the server has. */
export async function expectCounted(proxy: Proxy, { sockets }: Rig, limitMs: number): Promise<void> {
  const isSame = (): boolean => sockets.opened === proxy.accepted && sockets.open === proxy.open
  // each side hears of the other's end a moment later
  if (await until(limitMs, isSame)) return
  throw fault({
    what: `the server has accepted ${proxy.accepted} connections and ${proxy.open} are open; reported: ${sockets.opened}, ${sockets.open} open`,
    expected: 'every connection that the client opens: people check how often they are reused',
    next: 'one socket for each connect; for a client that opens its own, `reportsSockets`, and context.sockets.opened() and closed()',
  })
}
