import type { Facts, TaskContext } from '@cloudbench/core'
import { queueOf } from './client/address.ts'
import { openQueueAdmin, type QueueAdmin } from './client/queue-admin.ts'
import type { AmqpOptions, ReceiveOptions } from './options.ts'
import { preload } from './workloads/preload.ts'

/** Creates the queues of all workers. */
export async function prepareQueues(context: TaskContext<AmqpOptions>): Promise<Facts> {
  if (!context.options.create) return { queues: 0 }
  const queues = queuesOf(context)
  await withAdmin(context, async (admin) => {
    for (const queue of queues) await admin.declare(queue)
  })
  return { queues: queues.length }
}

/** Creates the queues and empties them: a message that waits behind old ones would look slow. */
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

/** Creates the queues and fills them up to `preload` messages. */
export async function prepareFullQueues(context: TaskContext<ReceiveOptions>): Promise<Facts> {
  const { create, preload: wanted } = context.options
  if (!create) {
    await preload(context, context.options.queue, wanted)
    return { queues: 0, preloaded: wanted }
  }
  const queues = queuesOf(context)
  let preloaded = 0
  await withAdmin(context, async (admin) => {
    for (const queue of queues) {
      const { messages } = await admin.declare(queue)
      const missing = Math.max(0, wanted - messages)
      await preload(context, queue, missing)
      preloaded += missing
    }
  })
  return { queues: queues.length, preloaded }
}

/** Deletes the queues that `prepare` created, and no others. */
export async function cleanup(context: TaskContext<AmqpOptions>): Promise<void> {
  if (!context.options.create) return
  await withAdmin(context, async (admin) => {
    for (const queue of queuesOf(context)) {
      // the broker refuses unless the queue is ours; one that is gone already is created for a moment
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
