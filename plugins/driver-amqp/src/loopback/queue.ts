import type { Delivery, Message, Sender } from 'rhea'
import { createBacklog } from './backlog.ts'

/** A client's receiver, as the broker sees it. */
interface Consumer {
  readonly sender: Sender
  readonly isPresettled: boolean
  /** Delivered and not settled. */
  readonly unsettled: Map<Delivery, Message>
  readonly admit: Admit
  /** Deliveries that the behaviour holds back. */
  reserved: number
  sent: number
}

/** Delivers now or later, as the behaviour of the server says. */
type Admit = (deliver: () => void) => void

/** A queue of the loopback broker: messages in memory, given to consumers in turn as far as their credit goes. */
export interface Queue {
  readonly depth: number
  readonly consumers: number
  put(message: Message): void
  purge(): void
  /** @param admit Called for messages that were there before the consumer gave credit for them. */
  attach(sender: Sender, isPresettled: boolean, admit: Admit): void
  /** The consumer may have given credit. */
  flow(sender: Sender): void
  /** The consumer has settled a message. `isKept`: it returns to the queue. */
  settled(sender: Sender, delivery: Delivery, isKept: boolean): void
  /** Messages that were not settled return to the front. */
  detach(sender: Sender): void
}

export function createQueue(): Queue {
  const backlog = createBacklog()
  const consumers = new Map<Sender, Consumer>()
  const deliver = (consumer: Consumer): void => {
    const message = backlog.take()
    if (message === undefined) return
    consumer.sent++
    const delivery = consumer.sender.send(message)
    if (!consumer.isPresettled) consumer.unsettled.set(delivery, message)
  }
  return {
    get depth() {
      return backlog.depth
    },
    get consumers() {
      return consumers.size
    },
    put(message) {
      backlog.push(message)
      for (const [sender, consumer] of consumers) {
        if (creditOf(consumer) - consumer.reserved <= 0) continue
        // the consumer that is served goes to the end
        consumers.delete(sender)
        consumers.set(sender, consumer)
        deliver(consumer)
        return
      }
    },
    purge: () => backlog.clear(),
    attach(sender, isPresettled, admit) {
      consumers.set(sender, { sender, isPresettled, unsettled: new Map(), admit, reserved: 0, sent: 0 })
    },
    flow(sender) {
      const consumer = consumers.get(sender)
      if (consumer === undefined) return
      const count = Math.min(creditOf(consumer), backlog.depth) - consumer.reserved
      for (let left = count; left > 0; left--) {
        consumer.reserved++
        consumer.admit(() => {
          consumer.reserved--
          if (consumers.has(sender)) deliver(consumer)
        })
      }
    },
    settled(sender, delivery, isKept) {
      const unsettled = consumers.get(sender)?.unsettled
      const message = unsettled?.get(delivery)
      if (message === undefined) return
      unsettled!.delete(delivery)
      if (isKept) backlog.putBack([message])
    },
    detach(sender) {
      const consumer = consumers.get(sender)
      if (consumer === undefined) return
      consumers.delete(sender)
      backlog.putBack([...consumer.unsettled.values()])
      for (const other of consumers.keys()) this.flow(other)
    },
  }
}

/** rhea decreases the credit only when it writes. */
function creditOf({ sender, sent }: Consumer): number {
  const { credit, delivery_count: count } = sender as unknown as {
    readonly credit: number
    readonly delivery_count: number
  }
  return credit - (sent - count)
}
