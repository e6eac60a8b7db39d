import type { Sockets } from '@cloudbench/core'

/** How many connections to its target a flow has opened, and how many of them are open. */
export interface SocketCounts {
  readonly opened: number
  readonly open: number
}

export function countSockets(): Sockets & { readonly counts: SocketCounts } {
  const counts = { opened: 0, open: 0 }
  return {
    counts,
    opened() {
      counts.opened++
      counts.open++
    },
    closed() {
      counts.open--
    },
  }
}
