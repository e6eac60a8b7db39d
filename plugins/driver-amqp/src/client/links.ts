import type { Connection, Receiver, Sender } from 'rhea'
import type { AmqpOptions } from '../options.ts'
import { addressOf, brokerOf } from './address.ts'

/** Which links a client needs. */
export interface LinkOptions {
  readonly queue: string
  readonly sends?: boolean
  /** How many receivers. @default 0 */
  readonly receivers?: number
}

/** The attached links of a connection. */
export interface Links {
  /** Undefined unless the options ask for it. */
  readonly sender: Sender | undefined
  readonly receivers: readonly Receiver[]
}

/** Attaches links to one queue. Never settles when the broker refuses them: that breaks the connection. */
export async function attachLinks(
  connection: Connection,
  { queue, sends = false, receivers: count = 0 }: LinkOptions,
  options: AmqpOptions,
): Promise<Links> {
  const { address, needsProof } = addressOf(queue, brokerOf(connection))
  if (needsProof && count === 0) await attached(openProof(connection, address), 'receiver_open')
  const receivers = Array.from({ length: count }, () => openReceiver(connection, address, options))
  await Promise.all(receivers.map((receiver) => attached(receiver, 'receiver_open')))
  if (!sends) return { sender: undefined, receivers }
  const sender = openSender(connection, address, options)
  await attached(sender, 'sender_open')
  return { sender, receivers }
}

function settleModes({ settlement }: AmqpOptions) {
  return { snd_settle_mode: settlement === 'at-most-once' ? 1 : 0, rcv_settle_mode: 0 } as const
}

/** An address with what it stands for. Artemis makes a multicast of one that does not say that it is a queue. */
function nodeOf(address: string, { capability }: AmqpOptions) {
  return capability === 'none' ? { address } : { address, capabilities: [capability] }
}

function openSender(connection: Connection, address: string, options: AmqpOptions): Sender {
  return connection.open_sender({
    target: nodeOf(address, options),
    ...settleModes(options),
    treat_modified_as_released: false,
  } as Parameters<typeof connection.open_sender>[0])
}

function openReceiver(connection: Connection, address: string, options: AmqpOptions): Receiver {
  return connection.open_receiver({
    source: nodeOf(address, options),
    ...settleModes(options),
    // the inbox accepts each message after it has looked at it, and the workload gives credit
    autoaccept: false,
    credit_window: 0,
  })
}

/** A receiver that gets no messages: the broker has to find the queue to attach it. */
function openProof(connection: Connection, address: string): Receiver {
  const proof = connection.open_receiver({ source: { address }, autoaccept: false, credit_window: 0 })
  proof.once('receiver_open', () => proof.close())
  proof.once('receiver_close', () => {})
  return proof
}

/** A link is attached only when the broker's answer names the node; without one, a detach with the reason follows. */
async function attached(link: Sender | Receiver, event: 'sender_open' | 'receiver_open'): Promise<void> {
  await new Promise<void>((resolve) => {
    link.once(event, () => {
      const node = event === 'sender_open' ? link.target : link.source
      // rhea wraps a null
      if ((node as { readonly value?: unknown } | undefined)?.value) resolve()
    })
  })
}
