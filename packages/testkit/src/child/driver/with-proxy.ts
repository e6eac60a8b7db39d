import { messageOf } from '@cloudbench/core'
import type { DriverJob } from '../../job.ts'
import { noAddress } from '../../proxy/address.ts'
import { startProxy, type Proxy } from '../../proxy/proxy.ts'
import { openRig, type Rig, type RigLink } from './rig.ts'
import { withServer } from './server.ts'

/** Runs with a connection through a proxy that has answered a request; where no proxy can stand, says why. */
export async function withProxy(
  job: DriverJob,
  run: (proxy: Proxy, link: RigLink, rig: Rig) => Promise<void>,
): Promise<readonly string[]> {
  const proxy = await startProxy()
  // a server that tells its clients where to connect has to name the proxy
  const options = { advertisedPort: proxy.port }
  try {
    return await withServer(job, (target) => throughProxy(job, { proxy, target }, run), options)
  } finally {
    await proxy.close()
  }
}

async function throughProxy(
  job: DriverJob,
  { proxy, target }: { readonly proxy: Proxy; readonly target: string },
  run: (proxy: Proxy, link: RigLink, rig: Rig) => Promise<void>,
): Promise<readonly string[]> {
  const detour = proxy.leadTo(target)
  if (detour === undefined) return [noAddress]
  const direct = await openRig(job, target)
  await direct.prepare()
  await direct.close()
  proxy.forget()
  const rig = await openRig(job, detour)
  let link
  try {
    link = await rig.connect()
  } catch (error) {
    // such as a certificate for another name
    const [reason] = messageOf(error).split('\n')
    return [`not tried: the driver does not connect through another port: ${reason}`]
  }
  const before = proxy.sent.length
  await link.answer(0)
  // clients may be told where to go
  if (proxy.sent.length === before)
    return ['not tried: the client bypasses the proxy on its way to the server']
  await run(proxy, link, rig)
  return []
}
