import { lifecycle } from '@cloudbench/core/program'
import { blame, fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { lookAt } from './look.ts'
import { openSubject } from './subject.ts'
import { untouched } from './untouched.ts'

/** Applies, undoes it, and compares the machine with its state before. */
export async function probeApply(job: EnvironmentJob): Promise<readonly string[]> {
  const subject = await openSubject(job)
  const { environment, context } = subject
  if (!environment.apply) return ['not tried: the environment has no apply']
  const machine = await lookAt(subject, job)
  const before = await machine.now()
  const resources = activeResources()
  await untouched('apply with its undo', async () => {
    const undo = await call('apply', lifecycle['machine:apply'].limitMs, () => environment.apply!(context))
    if (undo !== undefined && typeof undo !== 'function')
      throw fault({
        what: `apply resolves with ${typeof undo === 'object' ? 'an object' : String(undo)}`,
        expected: 'a function that undoes everything, or nothing if nothing was changed',
        next: 'return async () => { … } from apply',
      })
    const change = undo === undefined && (await machine.changeSince(before))
    if (change)
      throw fault({
        what: `apply changes the machine and returns no undo: ${change}`,
        expected: 'a machine that is left as it was found',
        next: 'return async () => { … } from apply, which restores what was there before',
      })
    if (undo) await call('the undo of apply', lifecycle.close.limitMs, undo)
  })
  const left = await machine.changeSince(before)
  if (left)
    throw fault({
      what: `the undo of apply does not restore the machine: ${left}`,
      expected: 'a machine that is left as it was found',
      next: 'read the old value before you write the new one, and write the old one back',
    })
  await expectNothingLeft(
    resources,
    job.limitMs,
    'after apply was undone',
    'stop in undo what apply has started',
  )
  return []
}

function call<T>(what: string, limitMs: number, run: () => T | Promise<T>): Promise<T> {
  return blame(
    () => within(limitMs, what, run),
    (message) => ({
      what: `${what} throws: ${message}`,
      expected: 'a change that can be made, and undone, on the machine that runs the test',
      next: 'correct it, or give `options` with which it can work here',
    }),
  )
}
