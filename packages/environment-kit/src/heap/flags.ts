import type { Launch } from '@cloudbench/core'

/** Flags that set the size of the old space, each in its own way. Any of them is the user's decision. */
const heapFlags = ['max-old-space-size', 'max-old-space-size-percentage', 'max-heap-size'] as const

/** Below this, node itself hardly starts, and a load worker runs out of memory. */
export const leastHeapMb = 32

/** What `NODE_OPTIONS` and the command line say about V8's heap. */
export interface HeapFlags {
  readonly maxOldSpaceMb?: number
  readonly semiSpaceMb?: number
  /** As written, when any flag sets the size of the old space. */
  readonly heap?: string
}

/** Reads them from a launch; the command line wins over `NODE_OPTIONS`, and the last flag over the ones before it. */
export function heapFlagsOf({ execArgv, env }: Pick<Readonly<Launch>, 'execArgv' | 'env'>): HeapFlags {
  return heapFlagsIn([
    ...(env['NODE_OPTIONS'] ?? process.env['NODE_OPTIONS'] ?? '').split(/\s+/),
    ...execArgv,
  ])
}

/** As `heapFlagsOf`, from arguments in the order in which node takes them. */
export function heapFlagsIn(args: readonly string[]): HeapFlags {
  const heap = args.findLast((arg) => heapFlags.some((flag) => nameOf(arg) === flag))
  const maxOldSpaceMb = valueOf(args, 'max-old-space-size')
  const semiSpaceMb = valueOf(args, 'max-semi-space-size')
  return {
    ...(heap !== undefined && { heap }),
    ...(maxOldSpaceMb !== undefined && { maxOldSpaceMb }),
    ...(semiSpaceMb !== undefined && { semiSpaceMb }),
  }
}

/** V8 takes its flags with underscores too. */
function nameOf(arg: string): string {
  return /^--([^=]+)/.exec(arg)?.[1]?.replaceAll('_', '-') ?? ''
}

function valueOf(args: readonly string[], flag: string): number | undefined {
  const value = args.findLast((arg) => nameOf(arg) === flag)?.split('=')[1]
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined
}
