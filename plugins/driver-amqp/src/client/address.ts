import type { Connection } from 'rhea'

/** A queue name, and how a broker wants it to be written. */
export interface QueueAddress {
  /** Of a sender's target and a receiver's source. */
  readonly address: string
  /** RabbitMQ 3 takes messages for a queue that is not there, and drops them; it only refuses to deliver from one. */
  readonly needsProof: boolean
}

/** RabbitMQ has an address syntax of its own, which changed with version 4. Elsewhere a queue's name is its address. */
export function addressOf(queue: string, { product, version }: Broker): QueueAddress {
  if (product !== 'RabbitMQ') return { address: queue, needsProof: false }
  return Number.parseInt(version) >= 4
    ? { address: `/queues/${encodeURIComponent(queue)}`, needsProof: false }
    : { address: `/amq/queue/${encodeURIComponent(queue)}`, needsProof: true }
}

/** What a broker says of itself. */
export interface Broker {
  readonly product: string
  readonly version: string
}

export function brokerOf({ properties }: Connection): Broker {
  const { product, version } = (properties ?? {}) as {
    readonly product?: unknown
    readonly version?: unknown
  }
  return { product: textOf(product), version: textOf(version) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The queue that the connections of a worker use. */
export function queueOf(
  { queue, create }: { readonly queue: string; readonly create: boolean },
  { index, total }: { readonly index: number; readonly total: number },
): string {
  // messages that come back must come back to the worker that waits for them
  return create && total > 1 ? `${queue}.${index}` : queue
}
