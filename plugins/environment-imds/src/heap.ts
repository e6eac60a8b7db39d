import type { EnvironmentContext, Facts, Launch } from '@cloudbench/core'
import { CloudbenchError } from '@cloudbench/core'
import { heapFlagsOf, leastHeapMb, lostFlag, provenHeapLimit } from '@cloudbench/environment-kit'
import type { ImdsOptions } from './options.ts'

type Context = Pick<EnvironmentContext<ImdsOptions>, 'options' | 'facts' | 'log'>

const mebibyte = 1024 * 1024

/** Of the memory of the machine, or of its container where that has less. */
const heapShare = 0.6
const mostHeapMb = 8 * 1024

/** Gives every worker its part of the heap, unless a flag for it is there already: a user's, or another environment's. */
export function launch(draft: Launch, context: Context): void {
  const { heapMb } = context.options
  const totalMb = heapMb ?? derivedHeapMb(context.facts)
  if (totalMb === undefined) return
  const given = heapFlagsOf(draft).heap
  if (given !== undefined) {
    if (heapMb !== undefined) context.log.warn(`${given} is already set, so heapMb: ${heapMb} is not used`)
    return
  }
  const megabytes = Math.floor(totalMb / draft.worker.total)
  if (megabytes >= leastHeapMb) draft.execArgv.push(`--max-old-space-size=${megabytes}`)
  else if (heapMb !== undefined) throw tooSmall(heapMb, megabytes, draft.worker.total)
}

/** Proves inside the worker that the flag took effect, whichever environment set it. */
export function verify(launched: Readonly<Launch>, { options, facts }: Context): Facts {
  const asked = heapFlagsOf(launched)
  if (options.heapMb !== undefined && asked.heap === undefined)
    throw lostFlag(`--max-old-space-size=${Math.floor(options.heapMb / launched.worker.total)}`)
  if (asked.heap === undefined && derivedHeapMb(facts) === undefined) return {}
  return { 'heap.limitBytes': provenHeapLimit(asked) }
}

function derivedHeapMb(facts: Context['facts']): number | undefined {
  const memoryBytes = facts['imds']?.['host.memoryBytes']
  if (memoryBytes === undefined) return undefined
  const limits = Object.values(facts).flatMap((found) => found['memory.limitBytes'] ?? [])
  const bytes = Math.min(memoryBytes, ...limits)
  return Math.min(Math.floor((bytes * heapShare) / mebibyte), mostHeapMb)
}

function tooSmall(heapMb: number, megabytes: number, workers: number): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_HOOK',
    what: `heapMb: ${heapMb} leaves ${megabytes} MiB of heap for each of ${workers} workers`,
    expected: `${leastHeapMb} MiB or more`,
    next: 'use fewer workers (--workers 1), or raise heapMb of the imds environment',
  })
}
