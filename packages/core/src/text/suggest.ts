/** The candidate that `typed` most likely stands for, or `undefined` when none is close. */
export function nearest(typed: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(typed)
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(wanted.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(wanted, plain(candidate), bestDistance)
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** `did you mean "x"?`, or the whole list when nothing is close. */
export function didYouMean(typed: string, candidates: Iterable<string>): string {
  const all = [...candidates]
  const best = nearest(typed, all)
  if (best !== undefined) return `did you mean ${best}?`
  return all.length === 0 ? 'none are available' : `available: ${all.toSorted().join(', ')}`
}

/** The same words however they are written: `maxHeap`, `max_heap` and `MAX-HEAP` are one. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_]/g, '')
}

/** Insertions, deletions, substitutions and swaps of neighbours; `limit` and above are all the same. */
function editDistance(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) >= limit) return limit
  let before: number[] = []
  let last = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1]
      let cost = Math.min(last[column]! + 1, current[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1))
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      if (row > 1 && column > 1 && swapped) cost = Math.min(cost, before[column - 2]! + 1)
      current.push(cost)
    }
    before = last
    last = current
  }
  return Math.min(limit, last[right.length]!)
}
