import type { Ledger } from '../audit/ledger.ts'
import type { Links } from '../client/cluster.ts'
import type { Link } from '../client/link.ts'
import type { Partition } from '../client/partitions.ts'
import { askOffset } from '../wire/requests.ts'

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

/** Notes where the partitions end before anything is written to them: before the end of before, if a topic was made anew. */
export async function noteEnds(ledger: Ledger, outlets: Outlets, topic: string): Promise<void> {
  await Promise.all(
    outlets.map(async ({ partition, link }) => {
      ledger.begin(partition, await askOffset(link, topic, partition, 'latest'))
    }),
  )
}
