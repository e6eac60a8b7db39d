import type { AuditResult } from '@cloudbench/core'
import { blame, fault } from '../../fault.ts'
import type { DriverJob } from '../../job.ts'
import { expectJson } from '../json.ts'
import { within } from '../within.ts'
import { openRig, withRig } from './rig.ts'
import { withServer } from './server.ts'

/** Prepares twice, and once more after cleaning up. */
export async function probePrepare(job: DriverJob): Promise<void> {
  await withServer(job, async (target) => {
    const { workload, prepare, cleanup, connect } = await openRig(job, target)
    if (!workload.prepare) return
    const prepareAgain = (when: string): Promise<void> =>
      repeatable(`prepare, called ${when},`, async () =>
        expectJson(await prepare(), 'what prepare resolves with'),
      )
    await prepareAgain('the first time')
    await prepareAgain('again, on a target that is prepared')
    if (workload.cleanup) {
      await repeatable('cleanup', cleanup)
      await repeatable('cleanup a second time', cleanup)
      await prepareAgain('after cleanup')
    }
    const link = await connect()
    await link.answer(0)
    await link.close()
  })
}

function repeatable(what: string, run: () => Promise<void>): Promise<void> {
  return blame(run, (message) => ({
    what: `${what} fails: ${message}`,
    expected: 'prepare and cleanup that can be repeated: an earlier run may have been interrupted',
    next: 'create what is missing, and leave what is there',
  }))
}

/** Audits a load in which nothing went wrong. */
export async function probeAudit(job: DriverJob): Promise<void> {
  await withRig(job, async (link, { workload, audit }) => {
    if (!workload.audit) return
    await link.sendMany(Math.min(job.requests, 2_000))
    for (const finding of await audit()) expectSound(finding)
  })
}

function expectSound(finding: AuditResult): void {
  const { name, status, examined, violations, message } = finding
  const isCount = (value: unknown): boolean => Number.isInteger(value) && (value as number) >= 0
  if (!['passed', 'failed', 'skipped'].includes(status) || !isCount(examined) || !isCount(violations))
    throw fault({
      what: `audit resolves with ${JSON.stringify(finding)}`,
      expected: '{ name, status: passed | failed | skipped, examined, violations }',
      next: 'return one such object per comparison',
    })
  if (status === 'failed' || violations > 0)
    throw fault({
      what: `the audit "${name}" is ${status} with ${violations} violations of ${examined} after a load in which nothing went wrong${message === undefined ? '' : `: ${message}`}`,
      expected: 'a passed audit: people ignore an audit that cries wolf',
      next: 'compare only what was acknowledged, and allow for what the target held before',
    })
}

/** Reads the server's counters before and after some load. */
export async function probeObserve(job: DriverJob): Promise<void> {
  await withRig(job, async (link, { workload, observe }) => {
    if (!workload.observe) return
    const observer = await observe()
    const read = () => within(job.limitMs, 'read of the observer', () => observer.read())
    const before = await read()
    await link.sendMany(100)
    const after = await read()
    for (const [name, value] of Object.entries({ ...before, ...after }))
      if (!Number.isFinite(value) || (after[name] ?? 0) < (before[name] ?? 0))
        throw fault({
          what: `the server's counter "${name}" went from ${before[name]} to ${after[name]}`,
          expected: 'finite numbers that only grow: the host takes the differences',
          next: 'leave out gauges, and what the server does not report',
        })
    await within(job.limitMs, 'close of the observer', () => observer.close())
  })
}
