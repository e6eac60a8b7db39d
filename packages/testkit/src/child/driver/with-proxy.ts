import type { DriverJob } from '../../job.ts'
import { messageOf } from '@cloudbench/core'
import { noAddress } from './address.ts'
import { answered } from './call.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { withServer } from './server.ts'
import { openSession, type Session } from './session.ts'

/** Runs behind a proxy; where none can stand, says why nothing was checked. */
export async function withProxy(
  job: DriverJob,
  run: (proxy: Proxy, session: Session) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return withServer(job, async (target) => {
    const proxy = await startProxy(target)
    if (!proxy) return [noAddress]
    try {
      const direct = await openSession(job, target)
      await direct.prepare()
      const session = await openSession(job, proxy.target)
      const obstacle = await obstacleOf(session, proxy, job.limitMs)
      return obstacle === undefined ? await run(proxy, session) : [`not tried: ${obstacle}`]
    } finally {
      await proxy.close()
    }
  })
}

/** Why requests do not come by the proxy: certificates for another name, or clients that are told where to go. */
async function obstacleOf(session: Session, proxy: Proxy, limitMs: number): Promise<string | undefined> {
  let link
  try {
    link = await session.connect()
  } catch (error) {
    return `the driver does not connect by way of another port: ${messageOf(error).split('\n')[0]}`
  }
  const before = proxy.sentBytes
  await answered(link.connection, 0, limitMs)
  await link.close()
  return proxy.sentBytes === before ? 'the client goes to its server by a way of its own' : undefined
}
