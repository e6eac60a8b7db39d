import type { Advice } from '@cloudbench/core'
import { lifecycle } from '@cloudbench/core/program'
import { blame, fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { expectJson } from '../json.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { lookAt } from './look.ts'
import { openWithFacts, type Subject } from './subject.ts'
import { untouched } from './untouched.ts'

const states: ReadonlySet<unknown> = new Set(['note', 'doubtful', undefined])

/** Asks for advice, and compares the machine with its state before. */
export async function probeAdvise(job: EnvironmentJob): Promise<readonly string[]> {
  const subject = await openWithFacts(job)
  if (!subject.environment.advise) return ['not tried: the environment has no advise']
  const machine = await lookAt(subject, job)
  const before = await machine.now()
  const resources = activeResources()
  expectAdvice(await advise(subject))
  const change = await machine.changeSince(before)
  if (change)
    throw fault({
      what: `advise changes the machine: ${change}`,
      expected: 'a machine that is left as it was found: people ask for advice before they decide',
      next: 'change the machine in apply, where it is undone',
    })
  await expectNothingLeft(
    resources,
    job.limitMs,
    'after advise',
    'finish what advise has started before it resolves',
  )
  return []
}

function advise({ environment, context }: Subject): Promise<unknown> {
  const { limitMs } = lifecycle['machine:advise']
  return blame(
    () => untouched('advise', () => within<unknown>(limitMs, 'advise', () => environment.advise!(context))),
    (message) => ({
      what: `advise throws: ${message}`,
      expected: 'advice; [] if there is none',
      next: 'give no advice on what cannot be read',
    }),
  )
}

function expectAdvice(advice: unknown): void {
  const example =
    "[{ what: 'the governor is powersave', why: '…', how: 'cpupower frequency-set -g performance' }]"
  if (!Array.isArray(advice))
    throw fault({
      what: `advise resolves with ${JSON.stringify(advice)}, which is not a list`,
      expected: `a list of advice: ${example}`,
      next: 'return []',
    })
  expectJson(advice, 'what advise resolves with')
  for (const one of advice as Partial<Advice>[]) {
    for (const part of ['what', 'why', 'how'] as const)
      if (typeof one?.[part] !== 'string' || one[part].trim() === '')
        throw fault({
          what: `advise gives advice without ${part}: ${JSON.stringify(one)}`,
          expected: `what was found, why it matters, and how to change it: ${example}`,
          next: `${part}: '…'`,
        })
    if (!states.has(one.state))
      throw fault({
        what: `advise answers state ${JSON.stringify(one.state)}`,
        expected:
          "'note' where runs can be good without it, 'doubtful' where they may measure the wrong thing",
        next: 'correct it, or leave it out',
      })
  }
}
