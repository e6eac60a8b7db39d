import type { AuditResult, TaskContext } from '@cloudbench/core'
import { finding, sharedReadings } from '@cloudbench/driver-kit'
import { queueOf } from '../client/address.ts'
import { connectError } from '../connect-error.ts'
import { openLane } from '../lanes/lane.ts'
import type { AmqpOptions } from '../options.ts'
import { parseTarget } from '../target.ts'
import { Inbox, type Books } from '../workloads/inbox.ts'
import { findings, ledgerOf, type Track } from './ledger.ts'

/** A queue that was quiet for this long counts as empty when no message is missing; otherwise the audit waits longer. */
const quietMs = 300
const missingMs = 3_000
const credit = 1_000

/**
 * Receives what is left in the queue, and compares what was acknowledged to this worker with what was received. A queue
 * that the driver did not create is left alone: its messages may belong to others.
 */
export async function audit(context: TaskContext<AmqpOptions>): Promise<readonly AuditResult[]> {
  const { options, worker, flow } = context
  const queue = queueOf(options, worker)
  const ledger = await ledgerOf(context, queue)
  const tracks = ledger.tracksOf(flow)
  const readings = await sharedReadings(context)
  if (options.create && tracks.length > 0)
    await receiveRest(context, queue, { ledger, readings, isOwnQueue: true }, tracks)
  return [...(options.create ? findings(tracks) : findingsOfOthers(tracks)), readings.finding()]
}

/** In a queue of others, what was not received may still be there. */
function findingsOfOthers(tracks: readonly Track[]): readonly AuditResult[] {
  const missing = tracks.reduce((total, track) => total + track.missing(), 0)
  const found = findings(tracks)
  if (missing === 0) return found
  return [
    ...found.map((one) =>
      one.name === 'acknowledged messages are received'
        ? finding(one.name, one.examined - missing, 0, undefined)
        : one,
    ),
    finding(
      'acknowledged messages are received before the audit',
      0,
      0,
      undefined,
      `${missing} acknowledged messages were not examined: they may still be in the queue, which the audit does not empty because cloudbench did not create it`,
    ),
  ]
}

async function receiveRest(
  context: TaskContext<AmqpOptions>,
  queue: string,
  books: Books,
  tracks: readonly Track[],
): Promise<void> {
  const inbox = new Inbox(books)
  let lastMs = 0
  const lane = await openLane(context, {
    queue,
    receivers: {
      count: 1,
      keptCredit: credit,
      listener: {
        message(receiver, message) {
          lastMs = performance.now()
          inbox.enter(receiver, message)
        },
      },
    },
  })
  try {
    lastMs = performance.now()
    await new Promise<void>((resolve, reject) => {
      const watch = setInterval(() => {
        const idleMs = performance.now() - lastMs
        if (context.signal.aborted) finish(() => reject(context.signal.reason as Error))
        else if (idleMs > missingMs || (idleMs > quietMs && tracks.every((track) => track.missing() === 0)))
          finish(resolve)
      }, 50)
      const finish = (end: () => void): void => {
        clearInterval(watch)
        end()
      }
      lane.broken.catch((error: unknown) =>
        finish(() => reject(connectError(error, parseTarget(context.target), queue))),
      )
    })
  } finally {
    await lane.close()
  }
}
