/** The address of a queue, as the broker expects it. */
export interface QueueAddress {
  /** For a sender's target and a receiver's source. */
  readonly address: string
  /** RabbitMQ 3 accepts messages for a queue that does not exist, and drops them. It only refuses to deliver from one. */
  readonly needsProof: boolean
}

/** RabbitMQ has its own address syntax, which changed in version 4. Elsewhere a queue's name is its address. */
export function addressOf(queue: string, { product, version }: Broker): QueueAddress {
  if (product !== 'RabbitMQ') return { address: queue, needsProof: false }
  return Number.parseInt(version) >= 4
    ? { address: `/queues/${encodeURIComponent(queue)}`, needsProof: false }
    : { address: `/amq/queue/${encodeURIComponent(queue)}`, needsProof: true }
}

/** How a broker identifies itself. */
export interface Broker {
  readonly product: string
  readonly version: string
}

/** @param property Reads one of the properties of its `open`. */
export function brokerOf(property: (name: string) => unknown): Broker {
  return { product: textOf(property('product')), version: textOf(property('version')) }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The queue that the connections of a worker use. */
export function queueOf(
  { queue, create }: { readonly queue: string; readonly create: boolean },
  { index, total }: { readonly index: number; readonly total: number },
): string {
  // a message has to come back to the worker that waits for it
  return create && total > 1 ? `${queue}.${index}` : queue
}
