import type { AuditResult, TaskContext } from '@cloudbench/core'
import { queueOf } from '../client/address.ts'
import { openBrokerConnection } from '../client/client.ts'
import { receiveInto } from '../workloads/inbox.ts'
import { findings, ledgerOf, type Ledger, type Track } from './ledger.ts'
import type { AmqpOptions } from '../options.ts'

/** With nothing missing, a queue that is quiet for so long is taken for empty; with something missing, wait longer. */
const quietMs = 300
const missingMs = 3_000
const credit = 1_000

/**
 * Receives what is left in the queue, and compares what was acknowledged to this worker with what was received. A queue
 * that we have not created is left alone: what is in it may be somebody else's.
 */
export async function audit(context: TaskContext<AmqpOptions>): Promise<readonly AuditResult[]> {
  const { options, worker, flow } = context
  const queue = queueOf(options, worker)
  const ledger = ledgerOf(context.target, queue)
  const tracks = ledger.tracksOf(flow)
  if (options.create && tracks.length > 0) await receiveRest(context, queue, ledger, tracks)
  const found = findings(tracks)
  if (options.create) return found
  return found.map((finding) =>
    finding.status === 'failed' && finding.name === 'acknowledged messages are received'
      ? {
          ...finding,
          status: 'skipped',
          violations: 0,
          message: 'what was not received may still be in the queue, which is not ours to empty',
        }
      : finding,
  )
}

async function receiveRest(
  context: TaskContext<AmqpOptions>,
  queue: string,
  ledger: Ledger,
  tracks: readonly Track[],
): Promise<void> {
  const opened = await openBrokerConnection(context, { queue, receivers: 1 })
  const receiver = opened.receivers[0]!
  try {
    await new Promise<void>((resolve, reject) => {
      let consumed = 0
      let lastMs = performance.now()
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
      opened.onFault = (error) => finish(() => reject(error))
      receiveInto(receiver, ledger, {
        message() {
          lastMs = performance.now()
          // all of it at once: RabbitMQ 3 sends too much when credit comes while messages are on their way
          if (++consumed < credit) return
          receiver.add_credit(consumed)
          consumed = 0
        },
      })
      receiver.add_credit(credit)
    })
  } finally {
    await opened.close()
  }
}
