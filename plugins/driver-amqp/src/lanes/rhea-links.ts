import type { Socket } from 'node:net'
import type { Connection, Receiver, Sender } from 'rhea'
import { addressOf, brokerOf } from '../client/address.ts'
import type { AmqpOptions } from '../options.ts'
import type { Lane, LaneOptions, Receivers } from './lane.ts'
import { listenTo } from './rhea-receiver.ts'
import { createOutbox } from './rhea-sender.ts'

/** Attaches links to one queue. Never settles when the broker refuses them: that breaks the connection. */
export async function openRheaLinks(
  connection: Connection,
  { queue, envelope, receivers: asked }: LaneOptions,
  options: AmqpOptions,
  socket: Socket,
): Promise<Pick<Lane, 'send' | 'addCredit'>> {
  const { properties } = connection
  const { address, needsProof } = addressOf(
    queue,
    brokerOf((name) => properties?.[name]),
  )
  if (needsProof && asked === undefined) await attached(openProof(connection, address), 'receiver_open')
  const receivers = asked === undefined ? [] : openReceivers(connection, address, options, asked)
  await Promise.all(receivers.map((receiver) => attached(receiver, 'receiver_open')))
  const addCredit: Lane['addCredit'] = (receiver, count) => receivers[receiver]!.add_credit(count)
  if (envelope === undefined) return { send() {}, addCredit }
  const sender = openSender(connection, address, options)
  await attached(sender, 'sender_open')
  return { send: createOutbox(sender, envelope, options, socket), addCredit }
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

/** They accept every message by themselves, and give credit again, unless a workload gives it. */
function openReceivers(
  connection: Connection,
  address: string,
  options: AmqpOptions,
  { count, keptCredit = 0, listener }: Receivers,
): readonly Receiver[] {
  return Array.from({ length: count }, (_, index) => {
    const receiver = connection.open_receiver({
      source: nodeOf(address, options),
      ...settleModes(options),
      credit_window: keptCredit,
    })
    listenTo(receiver, index, listener)
    return receiver
  })
}

/** A receiver that gets no messages: the broker has to find the queue to attach it. */
function openProof(connection: Connection, address: string): Receiver {
  const proof = connection.open_receiver({ source: { address }, credit_window: 0 })
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
