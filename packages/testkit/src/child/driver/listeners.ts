import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { withRig } from './rig.ts'

const connections = 20
const requests = 200

/** Finds listeners that pile up with every request, or with every connection. */
export async function probeListeners(job: DriverJob): Promise<void> {
  let warning: Error | undefined
  const hear = (said: Error): void => {
    if (said.name === 'MaxListenersExceededWarning') warning ??= said
  }
  process.on('warning', hear)
  await withRig(job, async (first, rig) => {
    await first.sendMany(requests)
    const before = listenerCounts()
    for (let left = connections; left > 0; left--) {
      const link = await rig.connect()
      await link.sendMany(2)
      await link.close()
    }
    const [event, more] = added(before, connections / 2)
    if (event !== undefined)
      throw fault({
        what: `after ${connections} connections were opened and closed, the process has ${more} more listeners for "${event}"`,
        expected: 'as many as before: connections are replaced as long as a run lasts',
        next: 'remove the listener in close, or do without it',
      })
  })
  process.off('warning', hear)
  if (warning)
    throw fault({
      what: `listeners pile up: ${warning.message}`,
      expected: 'as many listeners after a request as before',
      next: 'add listeners once, in connect, or remove each when its request is answered',
    })
}

function listenerCounts(): ReadonlyMap<string | symbol, number> {
  return new Map(process.eventNames().map((event) => [event, process.listenerCount(event)]))
}

/** An event that has gained at least that many listeners, and how many it gained. */
function added(before: ReadonlyMap<string | symbol, number>, least: number): [string, number] | [] {
  for (const [event, count] of listenerCounts()) {
    const more = count - (before.get(event) ?? 0)
    if (more >= least) return [String(event), more]
  }
  return []
}
