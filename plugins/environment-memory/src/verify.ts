import { getHeapSpaceStatistics } from 'node:v8'
import type { EnvironmentContext, Facts, Launch } from '@cloudbench/core'
import { heapFlagsOf, lostFlag, provenHeapLimit } from '@cloudbench/environment-kit'
import { staticLimitVariable } from './launch.ts'
import { mebibyte } from './mebibyte.ts'
import type { MemoryOptions } from './options.ts'

/** Proves inside the worker that the flags took effect. */
export function verify(launch: Readonly<Launch>, context: EnvironmentContext<MemoryOptions>): Facts {
  const asked = heapFlagsOf(launch)
  const { maxOldSpaceMb, semiSpaceMb } = context.options
  if (maxOldSpaceMb !== undefined && asked.heap === undefined)
    throw lostFlag(`--max-old-space-size=${maxOldSpaceMb}`)
  if (semiSpaceMb !== undefined && asked.semiSpaceMb === undefined)
    throw lostFlag(`--max-semi-space-size=${semiSpaceMb}`)

  const heapLimitBytes = provenHeapLimit(asked)
  const oldSpaceMb = asked.maxOldSpaceMb
  const youngBytes = oldSpaceMb === undefined ? undefined : heapLimitBytes - oldSpaceMb * mebibyte
  if (launch.worker.index === 0) warnWhenTooLarge(heapLimitBytes, launch.worker.total, context)
  return {
    'heap.limitBytes': heapLimitBytes,
    ...(oldSpaceMb !== undefined && { 'heap.oldSpaceLimitBytes': oldSpaceMb * mebibyte }),
    ...(youngBytes !== undefined && { 'heap.semiSpaceLimitBytes': Math.round(youngBytes / 3) }),
    ...(launch.env[staticLimitVariable] !== undefined && {
      'memory.staticLimitBytes': Number(launch.env[staticLimitVariable]),
    }),
    'heap.newSpaceBytes':
      getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0,
  }
}

/** The share covers only the old space; a large young generation on top may not fit into a small container. */
function warnWhenTooLarge(
  heapLimitBytes: number,
  workers: number,
  { facts, log }: EnvironmentContext<MemoryOptions>,
): void {
  const limitBytes = facts['memory']?.['memory.limitBytes']
  if (limitBytes === undefined || heapLimitBytes * workers <= limitBytes) return
  const [heapMb, limitMb] = [heapLimitBytes * workers, limitBytes].map((bytes) =>
    Math.round(bytes / mebibyte),
  )
  log.warn(
    `the heaps of ${workers} worker(s) may grow to ${heapMb} MiB, young generation included, in a container of ${limitMb} MiB: set semiSpaceMb or a smaller heapShare`,
  )
}
