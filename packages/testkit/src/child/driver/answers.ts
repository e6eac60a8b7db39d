import type { DriverJob } from '../../job.ts'
import type { Outcome } from '@cloudbench/core'
import { setImmediate as turn } from 'node:timers/promises'
import { fault } from '../../fault.ts'
import { sendMany } from './bulk.ts'
import { answered, noMisuse } from './call.ts'
import { withServer } from './server.ts'
import { openRig, type Link, type Rig } from './rig.ts'

const outcomeLimit = 64
const carefulRequests = 200
const quietTurns = 50

/** Few requests, each under a call of its own: read in time, and answered once. */
export async function probeCalls(job: DriverJob): Promise<void> {
  await withRig(job, async (_rig, link) => {
    const misuse = noMisuse()
    for (let index = 0; index < carefulRequests; index++)
      await answered(link.connection, index, job.limitMs, misuse)
    await link.close()
    for (let left = quietTurns; left > 0; left--) await turn()
    if (misuse.surplus > 0)
      throw fault({
        what: `the driver answers twice: ${misuse.surplus} surplus answers to ${carefulRequests} requests`,
        expected: 'exactly one answer to every request',
        next: 'call slot.done or slot.fail once, also when the connection closes',
      })
    if (misuse.lateReads.size > 0)
      throw fault({
        what: `the driver keeps \`call\` and reads ${[...misuse.lateReads].join(', ')} after its first await`,
        expected: '`call` is reused: whatever is read late may belong to another request',
        next: 'read what you need of it before the first await',
      })
  })
}

/** Many requests over slots that are used again: every answer one of the outcomes that were made beforehand. */
export async function probeOutcomes(job: DriverJob): Promise<void> {
  await withRig(job, async ({ interning }, link) => {
    const callsBefore = interning.calls()
    const counts = await sendMany(link, job.requests, job.limitMs)
    const foreign = [...counts.keys()].filter((outcome) => !interning.outcomes.has(outcome))
    if (foreign.length > 0)
      throw fault({
        what: `${job.requests} requests were answered with ${foreign.length} outcomes of the driver's own making${named(foreign)}`,
        expected: 'objects made by context.outcome(…), the same ones again and again',
        next: 'create outcomes once in connect, and return them',
      })
    if (interning.outcomes.size > outcomeLimit)
      throw fault({
        what: `${job.requests} requests have ${interning.outcomes.size} distinct outcomes`,
        expected: `${outcomeLimit} or fewer`,
        next: 'name the kind of answer, and leave out what differs from request to request',
      })
    const calls = interning.calls() - callsBefore
    if (calls > outcomeLimit && calls > job.requests / 10)
      throw fault({
        what: `context.outcome was called ${calls} times for ${job.requests} requests`,
        expected: 'an outcome that is made once: looking it up costs as much as a request may cost in all',
        next: 'create outcomes in connect, and keep them in constants',
      })
    if (![...counts.keys()].some(({ ok }) => ok)) {
      const most = [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0].name
      throw fault({
        what: `not one of ${job.requests} requests succeeded: most were "${most}"`,
        expected: 'a target and options with which requests succeed',
        next: 'correct `target` and `options` in the test, or what prepare does',
      })
    }
    await link.close()
  })
}

/** Opens a connection to a target that is prepared. */
export async function withRig<T>(job: DriverJob, run: (rig: Rig, link: Link) => Promise<T>): Promise<T> {
  return withServer(job, async (target) => {
    const rig = await openRig(job, target)
    await rig.prepare()
    return run(rig, await rig.connect())
  })
}

function named(outcomes: readonly Outcome[]): string {
  const name = (outcomes[0] as Partial<Outcome> | undefined)?.name
  return name === undefined ? '' : `, such as "${name}"`
}
