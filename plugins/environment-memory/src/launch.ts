import type { EnvironmentContext, Launch } from '@cloudbench/core'
import { CloudbenchError } from '@cloudbench/core'
import { heapFlagsOf, leastHeapMb } from '@cloudbench/environment-kit'
import { discover } from './discover.ts'
import type { MemoryOptions } from './options.ts'

export const mebibyte = 1024 * 1024

/** Adds the heap flags to a worker's command line. A flag that is already there stays as it is. */
export async function launch(draft: Launch, context: EnvironmentContext<MemoryOptions>): Promise<void> {
  const { maxOldSpaceMb, semiSpaceMb } = context.options
  const given = heapFlagsOf(draft)

  if (given.heap === undefined) {
    const oldSpaceMb = maxOldSpaceMb ?? (await shareOfLimitMb(draft.worker.total, context))
    if (oldSpaceMb !== undefined) draft.execArgv.push(`--max-old-space-size=${oldSpaceMb}`)
  } else if (maxOldSpaceMb !== undefined && given.maxOldSpaceMb !== maxOldSpaceMb)
    context.log.warn(`${given.heap} is already set, so maxOldSpaceMb: ${maxOldSpaceMb} is not used`)

  if (semiSpaceMb === undefined) return
  if (given.semiSpaceMb === undefined) draft.execArgv.push(`--max-semi-space-size=${semiSpaceMb}`)
  else if (given.semiSpaceMb !== semiSpaceMb)
    context.log.warn(
      `--max-semi-space-size=${given.semiSpaceMb} is already set, so semiSpaceMb: ${semiSpaceMb} is not used`,
    )
}

/** All workers share one limit, so each gets its part of it. `undefined` without a limit. */
async function shareOfLimitMb(
  workers: number,
  { options, facts }: EnvironmentContext<MemoryOptions>,
): Promise<number | undefined> {
  // what discover found is in the report, so it is what counts; if it came too late, look again.
  const { 'memory.limitBytes': limitBytes } = facts['memory'] ?? (await discover(options.root))
  if (limitBytes === undefined) return undefined
  const megabytes = Math.floor((limitBytes * options.heapShare) / workers / mebibyte)
  if (megabytes < leastHeapMb) {
    const limitMb = Math.floor(limitBytes / mebibyte)
    throw new CloudbenchError({
      code: 'CB_HOOK',
      what: `a container limit of ${limitMb} MiB leaves ${megabytes} MiB of heap for each of ${workers} workers`,
      expected: `${leastHeapMb} MiB or more`,
      next: 'use fewer workers (--workers 1), raise the limit, or set maxOldSpaceMb on the memory environment',
    })
  }
  return megabytes
}
