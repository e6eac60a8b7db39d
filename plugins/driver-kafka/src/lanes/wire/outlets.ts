import type { Links } from '../../client/cluster.ts'
import type { Link } from '../../client/link.ts'
import type { Partition } from '../../client/partitions.ts'

/** A partition to write to, and the open link to its leader. */
interface Outlet {
  readonly partition: number
  readonly link: Link
  /** What the next batch of an idempotent producer starts with. */
  nextSequence: number
}

export type Outlets = readonly [Outlet, ...Outlet[]]

/** One outlet for each partition, of which there is at least one. */
export function outletsOf(partitions: readonly Partition[], links: Links): Outlets {
  const outlets = partitions.map(({ partition, leader }) => ({
    partition,
    link: links.to(leader),
    nextSequence: 0,
  }))
  return outlets as [Outlet, ...Outlet[]]
}
