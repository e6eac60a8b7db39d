import type { DriverJob } from '../../job.ts'
import { load } from '../plugin.ts'
import { fault, isFault } from '../../fault.ts'
import { addressOf, noAddress } from './address.ts'
import { send } from './call.ts'
import { startLoopback, withLoopback } from './server.ts'
import { openRig } from './rig.ts'
import { within } from '../within.ts'

const requests = 20

/** A server that answers nothing but errors: not one request may count as a success. */
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
      return ['not tried: the loopback server fails the connection already']
    }
    const swallowed = new Map<string, number>()
    for (let index = 0; index < requests; index++) {
      let outcome
      try {
        outcome = await within(job.limitMs, 'a request that the server fails', () =>
          send(link.connection, index),
        )
      } catch (error) {
        if (isFault(error)) throw error
        break
      }
      if (outcome.ok) swallowed.set(outcome.name, (swallowed.get(outcome.name) ?? 0) + 1)
    }
    await link.close().catch(() => {})
    const [name, count] = [...swallowed][0] ?? []
    if (name !== undefined)
      throw fault({
        what: `failures are swallowed: the server failed every request, and ${count} of ${requests} were answered with "${name}", which is ok`,
        expected: 'outcomes with ok: false for whatever the server refuses',
        next: `look at the answer before the outcome is chosen, and name it by its kind: outcome('…', { ok: false })`,
      })
    return []
  })
}
