import type { AuditResult } from '@cloudbench/core'
import type { DriverJob } from '../../job.ts'
import { messageOf } from '@cloudbench/core'
import { fault, isFault } from '../../fault.ts'
import { expectJson } from '../json.ts'
import { within } from '../within.ts'
import { sendMany } from './bulk.ts'
import { answered } from './call.ts'
import { withServer } from './server.ts'
import { openRig, type Rig } from './rig.ts'
import { withRig } from './answers.ts'

/** Prepares twice, and once more after cleaning up. */
export async function probePrepare(job: DriverJob): Promise<readonly string[]> {
  return withServer(job, async (target) => {
    const rig = await openRig(job, target)
    const { workload } = rig
    if (!workload.prepare) return []
    await prepareAgain(rig, 'the first time')
    await prepareAgain(rig, 'again, on a target that is prepared')
    const cleanup = workload.cleanup?.bind(workload)
    if (cleanup) {
      await attempt('cleanup', () => rig.task('cleanup', (context) => cleanup(context)))
      await attempt('cleanup a second time', () => rig.task('cleanup', (context) => cleanup(context)))
      await prepareAgain(rig, 'after cleanup')
    }
    const link = await rig.connect()
    await answered(link.connection, 0, job.limitMs)
    await link.close()
    return []
  })
}

async function prepareAgain({ workload, task }: Rig, when: string): Promise<void> {
  await attempt(`prepare, called ${when},`, async () => {
    const facts = await task('prepare', (context) => workload.prepare!(context))
    if (facts !== undefined) expectJson(facts, 'what prepare resolves with')
  })
}

async function attempt(what: string, run: () => Promise<unknown>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (isFault(error)) throw error
    throw fault({
      what: `${what} fails: ${messageOf(error)}`,
      expected:
        'a workload whose prepare and cleanup can be repeated: a run may have been interrupted before',
      next: 'create what is missing, and leave what is there',
    })
  }
}

/** Audits a load in which nothing went wrong. */
export async function probeAudit(job: DriverJob): Promise<readonly string[]> {
  return withRig(job, async (rig, link) => {
    const audit = rig.workload.audit?.bind(rig.workload)
    if (!audit) return []
    await sendMany(link, Math.min(job.requests, 2_000), job.limitMs)
    const findings = await rig.task('audit', (context) => audit(context))
    for (const finding of findings) expectSound(finding)
    await link.close()
    return []
  })
}

function expectSound(finding: AuditResult): void {
  const { name, status, examined, violations, message } = finding
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0
  if (!['passed', 'failed', 'skipped'].includes(status) || !isCount(examined) || !isCount(violations))
    throw fault({
      what: `audit resolves with ${JSON.stringify(finding)}`,
      expected: '{ name, status: passed | failed | skipped, examined, violations }',
      next: 'return one such object for each thing that was compared',
    })
  if (status === 'failed' || violations > 0)
    throw fault({
      what: `the audit "${name}" is ${status} with ${violations} violations of ${examined} after a load in which nothing went wrong${message === undefined ? '' : `: ${message}`}`,
      expected: 'a passed audit: an audit that cries wolf is ignored',
      next: 'compare what was acknowledged only, and allow for what a target held before',
    })
}

/** Reads the server's counters before and after some load. */
export async function probeObserve(job: DriverJob): Promise<readonly string[]> {
  return withRig(job, async (rig, link) => {
    const observe = rig.workload.observe?.bind(rig.workload)
    if (!observe) return []
    await rig.task('observe', async (context) => {
      const observer = await observe(context)
      const before = await observer.read()
      await sendMany(link, 100, job.limitMs)
      const after = await within(job.limitMs, 'read of the observer', () => observer.read())
      for (const [name, value] of Object.entries({ ...before, ...after }))
        if (!Number.isFinite(value) || (after[name] ?? 0) < (before[name] ?? 0))
          throw fault({
            what: `the server's counter "${name}" went from ${before[name]} to ${after[name]}`,
            expected: 'finite numbers that only grow: the host takes the differences',
            next: 'leave out gauges, and what the server does not tell',
          })
      await within(job.limitMs, 'close of the observer', () => observer.close())
    })
    await link.close()
    return []
  })
}
