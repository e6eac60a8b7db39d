import { fault } from '../fault.ts'
import { until } from './until.ts'

/** How many resources of each kind keep this process alive. */
export function activeResources(): ReadonlyMap<string, number> {
  // the first use of a stream opens it: not the plugin's doing
  void process.stdout.writable
  void process.stderr.writable
  const counts = new Map<string, number>()
  for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return counts
}

/** What is active now and was not before, such as `2 TCPSocketWrap`. */
export function addedSince(before: ReadonlyMap<string, number>): string[] {
  return [...activeResources()].flatMap(([kind, count]) => {
    const more = count - (before.get(kind) ?? 0)
    return more > 0 ? [`${more} ${kind}`] : []
  })
}

/** Waits until nothing is active that was not before; a fault if that takes longer than the limit. */
export async function expectNothingLeft(
  before: ReadonlyMap<string, number>,
  limitMs: number,
  after: string,
  next: string,
): Promise<void> {
  let left: string[] = []
  const isClean = await until(limitMs, () => (left = addedSince(before)).length === 0)
  if (isClean) return
  const isOne = left.length === 1 && left[0]!.startsWith('1 ')
  throw fault({
    what: `${after}, ${left.join(' and ')} still ${isOne ? 'keeps' : 'keep'} the process alive`,
    expected: 'nothing: the process must exit by itself',
    next,
  })
}
