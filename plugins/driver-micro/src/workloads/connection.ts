import type { Awaitable, Connection, DriverContext, Slot } from '@cloudbench/core'
import { connectError } from '../connect-error.ts'
import type { SamplingOptions } from '../options.ts'
import { createOutcomes } from '../outcomes.ts'
import { parseTarget } from '../target.ts'
import { createBatch, type BatchEvents } from './batch.ts'
import type { MeasuredFunction } from './measured-function.ts'
import { createStatistics } from './statistics.ts'

/** The `connect` of a workload, from what finds its function. A connection is one caller: it runs a batch at a time. */
export function connectTo<Options extends SamplingOptions>(
  find: (options: Options, folder: string) => Awaitable<MeasuredFunction>,
): (context: DriverContext<Options>) => Promise<Connection> {
  return async (context) => {
    parseTarget(context.target)
    const { options } = context
    const measured = await find(options, context.folder)
    const batch = createBatch(measured, options, await isAsynchronous(measured))
    const statistics = createStatistics(context)
    const outcomes = createOutcomes(measured.name, context.outcome)
    let slot: Slot | undefined
    const take = (): Slot => {
      const taken = slot!
      slot = undefined
      return taken
    }
    const events: BatchEvents = {
      measured(latency) {
        statistics.add(latency)
        take().done(outcomes.completed)
      },
      threw: (error) => take().done(outcomes.threw(error)),
      coarse: statistics.addCoarse,
    }
    return {
      issue(next) {
        slot = next
        batch.run(events)
      },
      close() {},
    }
  }
}

/** Calls the function once: one that fails should be known before the load begins. */
async function isAsynchronous({ name, call }: MeasuredFunction): Promise<boolean> {
  try {
    const returned = call()
    if (!isPromise(returned)) return false
    await returned
    return true
  } catch (error) {
    throw connectError(error, name)
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}
