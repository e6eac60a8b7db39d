import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import type { Proxy } from '../../proxy/proxy.ts'
import type { Rig } from './rig.ts'
import { withProxy } from './with-proxy.ts'

const requests = 20
const tlsHandshake = 0x16

/** Sends the same arrivals twice, and compares what went over the wire. */
export async function probeRepeat(job: DriverJob): Promise<readonly string[]> {
  if (!job.isRepeatable) return ['not tried: the test says that requests differ']
  let isEncrypted = false
  const notes = await withProxy(job, async (proxy, link, rig) => {
    await link.close()
    isEncrypted = proxy.sent[0]?.[0] === tlsHandshake
    if (isEncrypted) return
    const first = await record(proxy, rig)
    const second = await record(proxy, rig)
    for (let index = 0; index < requests; index++)
      if (!first[index]!.equals(second[index]!))
        throw fault({
          what: `request ${index} is not the same when it is repeated:\n    ${shown(first[index]!)}\n    ${shown(second[index]!)}`,
          expected: 'the same request for the same `call.index` and `call.random()`',
          next: 'take every random number from call.random(); if the protocol itself carries a time, set `repeatable: false`',
        })
  })
  return isEncrypted ? ['not tried: the traffic is encrypted'] : notes
}

async function record(proxy: Proxy, { connect }: Rig): Promise<readonly Buffer[]> {
  const link = await connect()
  const recorded: Buffer[] = []
  for (let index = 0; index < requests; index++) {
    const from = proxy.sent.length
    await link.answer(index)
    recorded.push(Buffer.concat(proxy.sent.slice(from)))
  }
  await link.close()
  return recorded
}

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1').slice(0, 200))
}
