import { fault, isFault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { addressOf, noAddress } from '../../proxy/address.ts'
import { load } from '../plugin.ts'
import { within } from '../within.ts'
import { openRig } from './rig.ts'
import { startLoopback, withLoopback } from './server.ts'

const requests = 20

/** A server that answers nothing but errors: no request may count as a success. */
export async function probeFailures(job: DriverJob): Promise<readonly string[]> {
  const { loopback } = await load('driver', job)
  if (!loopback) return ['not tried: without a loopback server, nothing can be made to fail on purpose']
  const server = await startLoopback(job, { failureRate: 1 })
  return withLoopback(server, async (target) => {
    if (!addressOf(target)) return [noAddress]
    const rig = await openRig(job, target)
    let link
    try {
      link = await rig.connect()
    } catch (error) {
      if (isFault(error)) throw error
      return ['not tried: the loopback server already fails the connection']
    }
    const swallowed: string[] = []
    for (let index = 0; index < requests; index++) {
      let outcome
      try {
        outcome = await within(job.limitMs, 'a request that the server fails', () => link.send(index))
      } catch (error) {
        if (isFault(error)) throw error
        break
      }
      if (outcome.ok) swallowed.push(outcome.name)
    }
    await link.close().catch(() => {})
    if (swallowed.length > 0)
      throw fault({
        what: `failures are swallowed: the server failed every request, and ${swallowed.length} of ${requests} were answered with "${swallowed[0]}", which is ok`,
        expected: 'outcomes with ok: false for everything that the server refuses',
        next: `look at the answer before you choose the outcome, and name it by its kind: outcome('…', { ok: false })`,
      })
    return []
  })
}
