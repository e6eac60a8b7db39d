import type { SignalName, Watcher } from '@cloudbench/core'
import { lifecycle, signalVocabulary } from '@cloudbench/core/program'
import { blame, fault } from '../../fault.ts'
import type { EnvironmentJob } from '../../job.ts'
import { activeResources, expectNothingLeft } from '../resources.ts'
import { within } from '../within.ts'
import { openWithFacts } from './subject.ts'
import { untouched } from './untouched.ts'

const kinds: ReadonlySet<unknown> = new Set(['gauge', 'share', 'counter'])

/** Watches for three samples, and closes. */
export async function probeWatch(job: EnvironmentJob): Promise<readonly string[]> {
  const { environment, context } = await openWithFacts(job)
  if (!environment.watch) return ['not tried: the environment has no watch']
  const before = activeResources()
  const { limitMs } = lifecycle['machine:watch']
  await untouched('watch', async () => {
    const watcher = await call('watch', limitMs, () => environment.watch!(context))
    expectWatcher(watcher)
    expectMissing(watcher)
    let last: Readonly<Record<string, number>> = {}
    for (let sample = 0; sample < 3; sample++) {
      const values = await call('read', limitMs, () => watcher.read([{ index: 0, pid: process.pid }]))
      expectSample(watcher, values, last)
      last = values
    }
    await call('close of the watcher', lifecycle.close.limitMs, () => watcher.close())
  })
  await expectNothingLeft(
    before,
    job.limitMs,
    'after the watcher was closed',
    'stop in close what watch and read have started',
  )
  return []
}

function call<T>(what: string, limitMs: number, run: () => T | Promise<T>): Promise<T> {
  return blame(
    () => within(limitMs, what, run, 'answer at once with what can be seen, and leave out the rest'),
    (message) => ({
      what: `${what} throws: ${message}`,
      expected: 'an answer that leaves out what cannot be seen',
      next: 'declare only signals that this machine has, and leave out of a sample what cannot be read now',
    }),
  )
}

function expectWatcher(watcher: Watcher): void {
  const signals: unknown = watcher?.signals
  if (typeof signals !== 'object' || signals === null)
    throw fault({
      what: `watch resolves with ${JSON.stringify(watcher)}, which declares no signals`,
      expected: "{ signals: { 'memory.usedBytes': 'gauge' }, read, close }",
      next: 'declare every signal; none if this machine has none',
    })
  for (const [name, kind] of Object.entries(signals)) {
    if (!kinds.has(kind))
      throw fault({
        what: `watch declares ${name} as ${JSON.stringify(kind)}`,
        expected: "'gauge', 'share' or 'counter'",
        next: 'gauge for what goes up and down, share for a part of the time since the last read, counter for what only grows at its source',
      })
    const known = Object.hasOwn(signalVocabulary, name) && signalVocabulary[name as SignalName].kind
    if (known && known !== kind)
      throw fault({
        what: `watch declares ${name} as a ${String(kind)}, which the vocabulary has as a ${known}`,
        expected: `a ${known}: the verdict reads it as one`,
        next: `signals: { '${name}': '${known}' }, or another name`,
      })
  }
}

function expectMissing({ missing = {}, signals }: Watcher): void {
  for (const [name, why] of Object.entries(missing))
    if (typeof why !== 'string' || why.trim() === '' || Object.hasOwn(signals, name))
      throw fault({
        what: `watch says that ${name} is missing: ${JSON.stringify(why)}`,
        expected: 'why it cannot be sampled here, of signals that are not declared',
        next: `missing: { '${name}': 'this kernel does not count it' }, or leave it out`,
      })
}

function expectSample(
  { signals }: Watcher,
  values: Readonly<Record<string, number>>,
  last: Readonly<Record<string, number>>,
): void {
  if (typeof values !== 'object' || values === null)
    throw fault({
      what: `read resolves with ${String(values)}, which is not an object`,
      expected: 'numbers by the names of the signals; {} if nothing can be read',
      next: "return { 'memory.usedBytes': … }",
    })
  for (const [name, value] of Object.entries(values)) {
    if (!Object.hasOwn(signals, name))
      throw fault({
        what: `read answers with ${name}, which watch does not declare`,
        expected: 'declared signals only: the core has to know how one adds up',
        next: `signals: { '${name}': 'gauge' }, or 'share', or 'counter'`,
      })
    if (!Number.isFinite(value))
      throw fault({
        what: `read answers with ${name}: ${String(value)}`,
        expected: 'a finite number',
        next: 'leave out of a sample what cannot be read now',
      })
    if (signals[name] === 'counter' && value < (last[name] ?? -Infinity))
      throw fault({
        what: `the counter ${name} fell from ${last[name]} to ${value}`,
        expected: 'a counter that only grows: the core takes the differences',
        next: 'answer with what the source has counted since it began, or declare a gauge',
      })
  }
}
