import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8'
import type { EnvironmentContext, Facts, Launch } from '@cloudbench/core'
import { CloudbenchError } from '@cloudbench/core'
import { heapFlagsIn, heapFlagsOf, type HeapFlags } from './flags.ts'
import { mebibyte } from './launch.ts'
import type { MemoryOptions } from './options.ts'

/** V8's own choice is 16 MiB up to Node 22 and 64 MiB in Node 24; this leaves room for the next one. */
const largestDefaultSemiSpaceMb = 128

/** V8 rounds to whole pages. */
const roundingMb = 2

/**
 * Proves inside the worker that the flags took effect.
 * V8 reports one number, old space plus young generation, and the young generation is three semi-spaces.
 */
export function verify(launch: Readonly<Launch>, context: EnvironmentContext<MemoryOptions>): Facts {
  const asked = heapFlagsOf(launch)
  const { maxOldSpaceMb, semiSpaceMb } = context.options
  if (maxOldSpaceMb !== undefined && asked.heap === undefined)
    throw lost(`--max-old-space-size=${maxOldSpaceMb}`)
  if (semiSpaceMb !== undefined && asked.semiSpaceMb === undefined)
    throw lost(`--max-semi-space-size=${semiSpaceMb}`)

  const heapLimitBytes = getHeapStatistics().heap_size_limit
  const oldSpaceMb = asked.maxOldSpaceMb
  if (oldSpaceMb !== undefined) proveHeapLimit(oldSpaceMb, asked, heapLimitBytes / mebibyte)
  proveFlags(asked)

  const youngBytes = oldSpaceMb === undefined ? undefined : heapLimitBytes - oldSpaceMb * mebibyte
  if (launch.worker.index === 0) warnWhenTooLarge(heapLimitBytes, launch.worker.total, context)
  return {
    'heap.limitBytes': heapLimitBytes,
    ...(oldSpaceMb !== undefined && { 'heap.oldSpaceLimitBytes': oldSpaceMb * mebibyte }),
    ...(youngBytes !== undefined && { 'heap.semiSpaceLimitBytes': Math.round(youngBytes / 3) }),
    'heap.newSpaceBytes':
      getHeapSpaceStatistics().find((space) => space.space_name === 'new_space')?.space_size ?? 0,
  }
}

function proveHeapLimit(oldSpaceMb: number, { semiSpaceMb }: HeapFlags, actualMb: number): void {
  const least = oldSpaceMb + 3 * (semiSpaceMb ?? 0) - roundingMb
  const most =
    oldSpaceMb +
    3 * (semiSpaceMb === undefined ? largestDefaultSemiSpaceMb : powerOfTwo(semiSpaceMb)) +
    roundingMb
  if (actualMb >= least && actualMb <= most) return
  const flags = [`--max-old-space-size=${oldSpaceMb}`, semiSpaceMb && `--max-semi-space-size=${semiSpaceMb}`]
  throw new CloudbenchError({
    code: 'CB_HOOK',
    what: `the heap limit of this worker is ${Math.round(actualMb)} MiB: ${flags.filter(Boolean).join(' ')} did not take effect`,
    expected: `${least} to ${most} MiB, the young generation included`,
    next: 'look for a program in the worker’s command line, or a NODE_OPTIONS, that drops or overrides node’s flags',
  })
}

/** A default that happens to be within the tolerance proves nothing: the flags must also have arrived. */
function proveFlags(asked: HeapFlags): void {
  const arrived = heapFlagsIn([...(process.env['NODE_OPTIONS'] ?? '').split(/\s+/), ...process.execArgv])
  if (asked.heap !== undefined && arrived.heap === undefined) throw lost(asked.heap)
  if (asked.semiSpaceMb !== undefined && arrived.semiSpaceMb !== asked.semiSpaceMb)
    throw lost(`--max-semi-space-size=${asked.semiSpaceMb}`)
}

function lost(flag: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `${flag} did not reach this worker: node runs with ${process.execArgv.join(' ') || 'no flags'}`,
    expected: `${flag} on node’s command line`,
    next: 'look for an environment plugin, or a program in the worker’s command line, that drops node’s flags',
  })
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

function powerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value))
}
