import type { Json } from '@cloudbench/core'
import { CloudbenchError, messageOf } from '@cloudbench/core'
import type { FaultDetails } from '../fault.ts'
import { isFault } from '../fault.ts'
import type { Job, Order, Report } from '../job.ts'
import { tell } from './parent.ts'

// the entry of every process the kit starts: it does one job, then exits.

if (!process.send) {
  console.error('no IPC channel: a program that wraps a worker must exec it, and keep its open files')
  process.exit(70)
}

const aliveMs = 250

// a plugin may have replaced it
const { exit } = process
const leave = (message: Report): void => tell(message, () => exit.call(process, 0))
const escaped = (error: unknown): void =>
  leave({
    type: 'fault',
    fault: {
      what: `an error escaped, and would have ended the process: ${messageOf(error)}`,
      expected: 'errors that reject the call they belong to',
      next: "listen for the 'error' events of the client, and await every promise",
    },
  })

process.on('uncaughtException', escaped)
process.on('unhandledRejection', escaped)
// the parent is gone
process.on('disconnect', () => exit.call(process, 0))

process.on('message', (order: Order) => {
  if (order.type === 'job') void work(order.job)
})
tell({ type: 'ready' })
setInterval(() => tell({ type: 'alive' }), aliveMs).unref()

async function work(job: Job): Promise<void> {
  try {
    leave({ type: 'passed', ...(await run(job)) })
  } catch (error) {
    leave({ type: 'fault', fault: detailsOf(error) })
  }
}

/** Loads only what this kind of job needs. */
async function run(job: Job): Promise<{ readonly notes: readonly string[]; readonly value: Json }> {
  let notes: readonly string[] | void = undefined
  let value: Json = null
  switch (job.kind) {
    case 'driver':
      notes = await (await import('./driver/probes.ts')).driverProbes[job.probe](job)
      break
    case 'loopback':
      notes = await (await import('./driver/serve-loopback.ts')).serveLoopback(job)
      break
    case 'environment':
      if (job.probe === 'draft') value = await (await import('./environment/launch.ts')).draftLaunch(job)
      else notes = await (await import('./environment/probes.ts')).environmentProbes[job.probe](job)
      break
    case 'verify':
      await (await import('./environment/verify-here.ts')).verifyHere(job)
      break
    case 'reporter':
      value = (await (await import('./reporter/probes.ts')).reporterProbes[job.probe](job)) ?? null
      break
    case 'idle':
      break
  }
  return { notes: notes ?? [], value }
}

function detailsOf(error: unknown): FaultDetails {
  if (isFault(error)) return error.details
  if (error instanceof CloudbenchError) {
    const {
      code,
      message,
      expected = 'no error',
      next = 'correct the plugin, or what the test gives it',
    } = error
    return { what: `${code}: ${message}`, expected, next }
  }
  return {
    what: error instanceof Error ? (error.stack ?? error.message) : String(error),
    expected: 'no error',
    next: 'check the stack: the plugin throws where it should not, or the testkit has a bug',
  }
}
