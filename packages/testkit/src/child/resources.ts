import { setTimeout as sleep } from 'node:timers/promises'
import { fault } from '../fault.ts'

const pauseMs = 10

/** What keeps this process alive, by kind and number. */
export function activeResources(): ReadonlyMap<string, number> {
  // the first use of a stream opens it: that is no plugin's doing
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

/** Waits until nothing is active that was not before; a fault when that takes longer than the limit. */
export async function expectNothingLeft(
  before: ReadonlyMap<string, number>,
  limitMs: number,
  after: string,
  next: string,
): Promise<void> {
  const endMs = performance.now() + limitMs
  for (;;) {
    await sleep(pauseMs)
    const left = addedSince(before)
    if (left.length === 0) return
    if (performance.now() > endMs)
      throw fault({
        what: `${after}, ${left.join(' and ')} still ${left.length > 1 || !left[0]!.startsWith('1 ') ? 'keep' : 'keeps'} the process alive`,
        expected: 'nothing: the process has to end by itself',
        next,
      })
  }
}
