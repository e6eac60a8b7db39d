import { getHeapStatistics } from 'node:v8'
import { CloudbenchError } from '@cloudbench/core'
import { heapFlagsIn, type HeapFlags } from './flags.ts'

const mebibyte = 1024 * 1024

/** V8's own choice is 16 MiB up to Node 22 and 64 MiB in Node 24; this leaves room for the next one. */
const largestDefaultSemiSpaceMb = 128

/** V8 rounds to whole pages. */
const roundingMb = 2

/**
 * Proves inside a worker that the flags of its launch took effect; resolves with the heap limit in bytes, and throws otherwise.
 * V8 reports one number, old space plus young generation, and the young generation is three semi-spaces.
 */
export function provenHeapLimit(asked: HeapFlags): number {
  const heapLimitBytes = getHeapStatistics().heap_size_limit
  if (asked.maxOldSpaceMb !== undefined) proveLimit(asked.maxOldSpaceMb, asked, heapLimitBytes / mebibyte)
  proveFlags(asked)
  return heapLimitBytes
}

function proveLimit(oldSpaceMb: number, { semiSpaceMb }: HeapFlags, actualMb: number): void {
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
  if (asked.heap !== undefined && arrived.heap === undefined) throw lostFlag(asked.heap)
  if (asked.semiSpaceMb !== undefined && arrived.semiSpaceMb !== asked.semiSpaceMb)
    throw lostFlag(`--max-semi-space-size=${asked.semiSpaceMb}`)
}

/** A flag that a worker should have been started with, and was not. */
export function lostFlag(flag: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `${flag} did not reach this worker: node runs with ${process.execArgv.join(' ') || 'no flags'}`,
    expected: `${flag} on node’s command line`,
    next: 'look for an environment plugin, or a program in the worker’s command line, that drops node’s flags',
  })
}

function powerOfTwo(value: number): number {
  return 2 ** Math.ceil(Math.log2(value))
}
