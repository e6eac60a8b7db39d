import { setImmediate as turn } from 'node:timers/promises'
import { fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { noMisuse } from './call.ts'
import { withRig } from './rig.ts'

const outcomeLimit = 64
const carefulRequests = 200
const quietTurns = 50

/** Few requests, each over a slot of its own: read in time, and answered once. */
export async function probeCalls(job: DriverJob): Promise<void> {
  const misuse = noMisuse()
  await withRig(job, async (link) => {
    for (let index = 0; index < carefulRequests; index++) await link.answer(index, misuse)
  })
  for (let left = quietTurns; left > 0; left--) await turn()
  if (misuse.surplusAnswers > 0)
    throw fault({
      what: `the driver answers twice: ${misuse.surplusAnswers} surplus answers to ${carefulRequests} requests`,
      expected: 'exactly one answer to every request',
      next: 'call slot.done or slot.fail once, also when the connection closes',
    })
  if (misuse.lateReads.size > 0)
    throw fault({
      what: `the driver keeps \`call\` and reads ${[...misuse.lateReads].join(', ')} after its first await`,
      expected: '`call` is reused: a late read may see another request',
      next: 'read what you need of it before the first await',
    })
}

/** Many requests over slots that are reused: every answer is one of a few outcomes that were made up front. */
export async function probeOutcomes(job: DriverJob): Promise<void> {
  const { requests } = job
  await withRig(job, async (link, rig) => {
    const callsBefore = rig.outcomeCalls()
    const answers = await link.sendMany(requests)
    if (rig.outcomes.size > outcomeLimit)
      throw fault({
        what: `${requests} requests have more than ${outcomeLimit} distinct outcomes, such as "${answers[0]?.name}"`,
        expected: `${outcomeLimit} or fewer`,
        next: 'name the kind of answer, and leave out what differs from request to request',
      })
    const calls = rig.outcomeCalls() - callsBefore
    if (calls > outcomeLimit && calls > requests / 10)
      throw fault({
        what: `context.outcome was called ${calls} times for ${requests} requests`,
        expected: 'outcomes that are made once: looking one up costs as much as a whole request may cost',
        next: 'create outcomes in connect, and keep them in constants',
      })
    if (!answers.some(({ ok }) => ok))
      throw fault({
        what: `none of ${requests} requests succeeded: the first was "${answers[0]?.name}"`,
        expected: 'a target and options with which requests succeed',
        next: 'correct `target` and `options` in the test, or what prepare does',
      })
  })
}
