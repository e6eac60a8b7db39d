import { join } from 'node:path'
import type { EnvironmentContext, Launch } from '@cloudbench/core'
import { CloudbenchError } from '@cloudbench/core'
import { findMemoryGroups, heapFlagsOf, leastHeapMb, readText } from '@cloudbench/environment-kit'
import { discover } from './discover.ts'
import { guardOf } from './guard.ts'
import { mebibyte } from './mebibyte.ts'
import type { MemoryOptions } from './options.ts'
import { stateReader } from './state.ts'

/** Tells a worker that its heap was sized by a static limit, so that it is among its facts. */
export const staticLimitVariable = 'CLOUDBENCH_STATIC_MEMORY_LIMIT'

/** Adds the heap flags to a worker's command line. A flag that is already there stays as it is. */
export async function launch(draft: Launch, context: EnvironmentContext<MemoryOptions>): Promise<void> {
  const { maxOldSpaceMb, semiSpaceMb } = context.options
  const given = heapFlagsOf(draft)

  if (given.heap === undefined) {
    const oldSpaceMb = maxOldSpaceMb ?? (await shareOfLimitMb(draft, context))
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

interface Sizing {
  readonly limitBytes: number
  /** What to leave V8's own choice at, where there is no limit but the memory of the machine. */
  readonly mostMb?: number
  readonly isStatic: boolean
}

/** All workers share one limit, so each gets its part of it. `undefined` without a limit. */
async function shareOfLimitMb(
  draft: Launch,
  context: EnvironmentContext<MemoryOptions>,
): Promise<number | undefined> {
  const sizing = await sizingOf(context)
  if (sizing === undefined) return undefined
  const { limitBytes, mostMb = Infinity, isStatic } = sizing
  if (isStatic) draft.env[staticLimitVariable] = String(limitBytes)
  const workers = draft.worker.total
  const megabytes = Math.min(
    Math.floor((limitBytes * context.options.heapShare) / workers / mebibyte),
    mostMb,
  )
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

/** The limit that was discovered, or since something has moved, the static one. */
async function sizingOf(context: EnvironmentContext<MemoryOptions>): Promise<Sizing | undefined> {
  const { root } = context.options
  // what discover found is in the report, so it is what counts; if it came too late, look again.
  const {
    'memory.limitBytes': limitBytes,
    'memory.limitFile': limitFile,
    'heap.limitBytes': ownHeapBytes,
  } = context.facts['memory'] ?? (await discover(root))
  const guard = guardOf(context)
  const look = await stateReader(root, await findMemoryGroups(root))
  const { state } = await look()
  // one that cannot be read any more has not gone
  const isShown = typeof limitFile !== 'string' || (await readText(join(root, limitFile))) !== undefined
  if (state && isShown) guard.look(state)
  const { staticLimitBytes } = guard
  if (staticLimitBytes === undefined)
    return limitBytes === undefined ? undefined : { limitBytes, isStatic: false }
  return {
    // a group that is limited further is killed beyond that.
    limitBytes: Math.min(staticLimitBytes, state?.groupLimitBytes ?? Infinity),
    ...(limitBytes === undefined &&
      typeof ownHeapBytes === 'number' && { mostMb: Math.floor(ownHeapBytes / mebibyte) }),
    isStatic: true,
  }
}
