import type { Delivery, Message, Sender } from 'rhea'

/** A receiver at the other end, seen from the broker. */
interface Consumer {
  readonly sender: Sender
  readonly isPresettled: boolean
  /** Delivered and not settled, by delivery. */
  readonly unsettled: Map<Delivery, Message>
  /** Deliveries that a behaviour holds back. */
  reserved: number
  sent: number
}

/** What a queue of the loopback broker can do. */
export interface LoopbackQueue {
  readonly depth: number
  readonly consumers: number
  put(message: Message): void
  purge(): void
  /** @param admit Holds back a message that was there before it was asked for. */
  attach(sender: Sender, isPresettled: boolean, admit: (deliver: () => void) => void): void
  /** Credit may have come. */
  flow(sender: Sender): void
  /** The receiver is done with a message; `isKept`: it goes back to the queue. */
  settled(sender: Sender, delivery: Delivery, isKept: boolean): void
  /** What was not settled goes back to the front. */
  detach(sender: Sender): void
}

/** Messages in memory, given to receivers in turn as far as their credit goes. */
export function createLoopbackQueue(): LoopbackQueue {
  let messages: Message[] = []
  let head = 0
  const consumers = new Map<Sender, Consumer & { readonly admit: (deliver: () => void) => void }>()

  const depth = (): number => messages.length - head
  const take = (): Message | undefined => {
    if (depth() === 0) return undefined
    const message = messages[head++]!
    if (head === messages.length || head > 10_000) {
      messages = messages.slice(head)
      head = 0
    }
    return message
  }
  const putBack = (returned: readonly Message[]): void => {
    messages = [
      ...returned.map((message) => ({ ...message, first_acquirer: false })),
      ...messages.slice(head),
    ]
    head = 0
  }
  /** rhea counts credit down only when it writes. */
  const creditOf = ({ sender, sent }: Consumer): number => {
    const { credit, delivery_count: count } = sender as unknown as {
      readonly credit: number
      readonly delivery_count: number
    }
    return credit - (sent - count)
  }
  const deliver = (consumer: Consumer): void => {
    const message = take()
    if (message === undefined) return
    consumer.sent++
    const delivery = consumer.sender.send(message)
    if (!consumer.isPresettled) consumer.unsettled.set(delivery, message)
  }

  return {
    get depth() {
      return depth()
    },
    get consumers() {
      return consumers.size
    },
    put(message) {
      messages.push(message)
      for (const [sender, consumer] of consumers) {
        if (creditOf(consumer) - consumer.reserved <= 0) continue
        // whoever was served goes to the end
        consumers.delete(sender)
        consumers.set(sender, consumer)
        deliver(consumer)
        return
      }
    },
    purge() {
      messages = []
      head = 0
    },
    attach(sender, isPresettled, admit) {
      consumers.set(sender, { sender, isPresettled, unsettled: new Map(), reserved: 0, sent: 0, admit })
    },
    flow(sender) {
      const consumer = consumers.get(sender)
      if (consumer === undefined) return
      const count = Math.min(creditOf(consumer), depth()) - consumer.reserved
      for (let left = count; left > 0; left--) {
        consumer.reserved++
        consumer.admit(() => {
          consumer.reserved--
          if (consumers.has(sender)) deliver(consumer)
        })
      }
    },
    settled(sender, delivery, isKept) {
      const consumer = consumers.get(sender)
      const message = consumer?.unsettled.get(delivery)
      if (consumer === undefined || message === undefined) return
      consumer.unsettled.delete(delivery)
      if (isKept) putBack([message])
    },
    detach(sender) {
      const consumer = consumers.get(sender)
      if (consumer === undefined) return
      consumers.delete(sender)
      putBack([...consumer.unsettled.values()])
      for (const other of consumers.keys()) this.flow(other)
    },
  }
}
