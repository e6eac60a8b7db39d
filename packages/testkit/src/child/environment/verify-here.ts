import type { Facts, Launch } from '@cloudbench/core'
import { messageOf } from '@cloudbench/core'
import { lifecycle } from '@cloudbench/core/program'
import { fault, isFault } from '../../fault.ts'
import type { VerifyJob } from '../../job.ts'
import { freeze } from '../freeze.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { expectFacts, openSubject } from './subject.ts'
import { untouched } from './untouched.ts'

/** Runs `verify` in this process, which was started as the job says. */
export async function verifyHere(job: VerifyJob): Promise<void> {
  const { environment, context } = await openSubject(job, job.facts as Record<string, Facts>)
  const launch = freeze(job.launch as unknown as Launch)
  const before = activeResources()
  let facts: unknown
  try {
    facts = await untouched('verify', () =>
      within(lifecycle['worker:verify'].limitMs, 'verify', () => environment.verify!(launch, context)),
    )
  } catch (error) {
    if (isFault(error)) throw error
    if (!job.isShaped) return
    throw fault({
      what: `verify throws in a worker that was started as launch says: ${messageOf(error)}`,
      expected: 'facts that prove that it took effect',
      next: 'correct launch or verify, or give `options` that can take effect on the machine that runs the test',
    })
  }
  if (!job.isShaped)
    throw fault({
      what: `verify cannot fail: it passes in a worker that was started without ${job.without}`,
      expected: 'an error: a setting that silently has no effect would distort the result',
      next: 'check inside the worker what the setting changes, and throw unless it did',
    })
  expectFacts(facts, 'verify')
  await expectNothingLeft(
    before,
    job.limitMs,
    'after verify',
    'finish what verify has started before it resolves',
  )
}
