import {
  CloudbenchError,
  messageOf,
  type Awaitable,
  type Connection,
  type DriverContext,
  type Slot,
} from '@cloudbench/core'
import { createBatch, type BatchEvents } from './batch.ts'
import type { MeasuredFunction } from './measured-function.ts'
import type { SamplingOptions } from '../options.ts'
import { createStatistics } from './statistics.ts'
import { assertHostTarget } from '../target.ts'

/** Makes a `connect` of what finds the function. A connection is one caller: it runs a batch of calls at a time. */
export function connectTo<Options extends SamplingOptions>(
  find: (options: Options) => Awaitable<MeasuredFunction>,
) {
  return async (context: DriverContext<Options>): Promise<Connection> => {
    assertHostTarget(context.target)
    const { options, outcome } = context
    const measured = await find(options)
    const batch = createBatch(measured, options, await isAsynchronous(measured))
    const statistics = createStatistics(context)
    const operation = measured.name
    const completed = outcome('completed', { operation })
    let slot: Slot | undefined
    const take = (): Slot => {
      const taken = slot!
      slot = undefined
      return taken
    }
    const events: BatchEvents = {
      measured(latency) {
        statistics.add(latency)
        take().done(completed)
      },
      threw: (error) => take().done(outcome(nameOf(error), { operation, ok: false })),
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

/** Calls the function once: one that does not work is better known before the load begins. */
async function isAsynchronous({ name, call }: MeasuredFunction): Promise<boolean> {
  try {
    const returned = call()
    if (!isPromise(returned)) return false
    await returned
    return true
  } catch (cause) {
    throw new CloudbenchError({
      code: 'CB_CONNECT',
      what: `${name} does not work: ${messageOf(cause)}`,
      expected: 'a function that can be called without arguments',
      next: 'call it once by hand, and see the whole error',
      cause,
    })
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  )
}

/** The error's code where it has one, else its kind: messages may differ in every call. */
function nameOf(error: Error): string {
  const { code } = error as NodeJS.ErrnoException
  return typeof code === 'string' && code !== '' ? code : error.name
}
