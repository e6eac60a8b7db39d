import type { DriverJob } from '../../job.ts'
import { messageOf } from '@cloudbench/core'
import { noAddress } from './address.ts'
import { answered } from './call.ts'
import { startProxy, type Proxy } from './proxy.ts'
import { withServer } from './server.ts'
import { openRig, type Rig } from './rig.ts'

/** Runs behind a proxy; where none can stand, says why nothing was checked. */
export async function withProxy(
  job: DriverJob,
  run: (proxy: Proxy, rig: Rig) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return withServer(job, async (target) => {
    const proxy = await startProxy(target)
    if (!proxy) return [noAddress]
    try {
      const direct = await openRig(job, target)
      await direct.prepare()
      const rig = await openRig(job, proxy.target)
      const obstacle = await obstacleOf(rig, proxy, job.limitMs)
      return obstacle === undefined ? await run(proxy, rig) : [`not tried: ${obstacle}`]
    } finally {
      await proxy.close()
    }
  })
}

/** Why requests do not come by the proxy: certificates for another name, or clients that are told where to go. */
async function obstacleOf(rig: Rig, proxy: Proxy, limitMs: number): Promise<string | undefined> {
  let link
  try {
    link = await rig.connect()
  } catch (error) {
    return `the driver does not connect by way of another port: ${messageOf(error).split('\n')[0]}`
  }
  const before = proxy.sentBytes
  await answered(link.connection, 0, limitMs)
  await link.close()
  return proxy.sentBytes === before ? 'the client goes to its server by a way of its own' : undefined
}
