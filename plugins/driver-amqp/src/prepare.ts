import type { Facts, TaskContext } from '@cloudbench/core'
import { queueOf } from './client/address.ts'
import { openBrokerConnection } from './client/client.ts'
import { machineNowMs } from './clock.ts'
import { createEnvelope } from './payload.ts'
import { createLedger } from './audit/ledger.ts'
import type { AmqpOptions, ReceiveOptions } from './options.ts'
import { createOutbox, tagOf, type Parcel } from './workloads/outbox.ts'
import { openQueueAdmin, type QueueAdmin } from './client/queue-admin.ts'

/** Messages that are under way at once while a queue is filled. */
const batchSize = 500

/** Creates the queues of all workers. */
export async function prepareQueues(context: TaskContext<AmqpOptions>): Promise<Facts> {
  if (!context.options.create) return { queues: 0 }
  const queues = queuesOf(context)
  await withAdmin(context, async (admin) => {
    for (const queue of queues) await admin.declare(queue)
  })
  return { queues: queues.length }
}

/** Creates the queues, and empties them: a message that waits behind old ones would look slow. */
export async function prepareEmptyQueues(context: TaskContext<AmqpOptions>): Promise<Facts> {
  if (!context.options.create) return { queues: 0 }
  const queues = queuesOf(context)
  await withAdmin(context, async (admin) => {
    for (const queue of queues) {
      await admin.declare(queue)
      await admin.purge(queue)
    }
  })
  return { queues: queues.length }
}

/** Creates the queues, and fills them up to as many messages as asked for. */
export async function prepareFullQueues(context: TaskContext<ReceiveOptions>): Promise<Facts> {
  const { create, preload } = context.options
  if (!create) {
    await fill(context, context.options.queue, preload)
    return { queues: 0, preloaded: preload }
  }
  const queues = queuesOf(context)
  let preloaded = 0
  await withAdmin(context, async (admin) => {
    for (const queue of queues) {
      const { messages } = await admin.declare(queue)
      await fill(context, queue, preload - messages)
      preloaded += Math.max(0, preload - messages)
    }
  })
  return { queues: queues.length, preloaded }
}

/** Deletes the queues that `prepare` has created, and no other. */
export async function cleanup(context: TaskContext<AmqpOptions>): Promise<void> {
  if (!context.options.create) return
  await withAdmin(context, async (admin) => {
    for (const queue of queuesOf(context)) {
      // refused unless it is ours; created, for a moment, when it is gone already
      await admin.declare(queue)
      await admin.delete(queue)
    }
  })
}

function queuesOf({ options, worker: { total } }: TaskContext<AmqpOptions>): string[] {
  return Array.from({ length: total }, (_, index) => queueOf(options, { index, total }))
}

async function withAdmin(
  context: TaskContext<AmqpOptions>,
  work: (admin: QueueAdmin) => Promise<void>,
): Promise<void> {
  const admin = await openQueueAdmin(context)
  try {
    await work(admin)
  } finally {
    await admin.close()
  }
}

/** Sends that many messages, each settled by the broker. */
async function fill(context: TaskContext<ReceiveOptions>, queue: string, count: number): Promise<void> {
  if (count <= 0) return
  const options = { ...context.options, settlement: 'at-least-once' as const }
  const opened = await openBrokerConnection({ ...context, options }, { queue, sends: true })
  try {
    await new Promise<void>((resolve, reject) => {
      // nobody audits these, so the books are thrown away
      const ledger = createLedger()
      const track = ledger.openTrack('preload', 0)
      const envelope = createEnvelope(options, { run: ledger.run, track: track.id })
      const parcels: Parcel[] = []
      const outbox = createOutbox({ sender: opened.sender!, envelope, track, parcels })
      let unsent = count
      let unsettled = count
      const send = (parcel: Parcel): void => {
        if (context.signal.aborted) reject(context.signal.reason as Error)
        else if (unsent-- > 0) outbox.send(parcel, machineNowMs(), undefined)
      }
      opened.onFault = reject
      for (let number = 0; number < Math.min(batchSize, count); number++) {
        const parcel: Parcel = {
          draft: envelope.createDraft(number),
          tag: tagOf(number),
          sequence: 0,
          left() {},
          accepted() {
            if (--unsettled === 0) resolve()
            else send(parcel)
          },
          refused: (state) => reject(new Error(`a message was refused: ${JSON.stringify(state)}`)),
        }
        parcels.push(parcel)
        send(parcel)
      }
    })
  } finally {
    await opened.close()
  }
}
