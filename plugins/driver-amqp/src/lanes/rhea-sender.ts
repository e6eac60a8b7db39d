import type { Socket } from 'node:net'
import rhea, { type Delivery, type EventContext, type Message, type Sender } from 'rhea'
import type { AmqpOptions } from '../options.ts'
import { modified, noOutcome, noReason, type Refusal } from '../outcomes.ts'
import { stamp, type Envelope } from '../payload/envelope.ts'
import type { Lane } from './lane.ts'
import type { Parcel } from './parcel.ts'

/** What sends messages on a link of rhea. */
export function createOutbox(
  sender: Sender,
  envelope: Envelope,
  { settlement }: Pick<AmqpOptions, 'settlement'>,
  socket: Socket,
): Lane['send'] {
  const write = writerOf(sender, envelope)
  return settlement === 'at-least-once'
    ? settledOutbox(sender, write)
    : presettledOutbox(sender, write, socket)
}

/** rhea encodes a message at once, so that the same one serves again. */
function writerOf(sender: Sender, { body, isDurable, trace }: Envelope): (parcel: Parcel) => Delivery {
  const bytes = Buffer.from(body)
  const message: Message = {
    body: rhea.message.data_section(bytes),
    ...(isDurable && { durable: true }),
  }
  return (parcel) => {
    stamp(bytes, 0, parcel)
    if (trace) message.application_properties = { traceparent: trace.traceparent(parcel.index) }
    return sender.send(message)
  }
}

/** Messages that the broker settles. */
function settledOutbox(sender: Sender, write: (parcel: Parcel) => Delivery): Lane['send'] {
  const waiting = new Map<Delivery, Parcel>()
  const take = (delivery: Delivery): Parcel | undefined => {
    // a broker that settles second waits for this side
    if (!delivery.remote_settled) delivery.update(true)
    const parcel = waiting.get(delivery)
    waiting.delete(delivery)
    return parcel
  }
  sender.on('accepted', ({ delivery }: EventContext) => take(delivery!)?.accepted())
  for (const refusal of ['rejected', 'released', 'modified'] as const)
    sender.on(refusal, ({ delivery }: EventContext) => {
      take(delivery!)?.refused(refusalOf(refusal, delivery!.remote_state as State))
    })
  sender.on('settled', ({ delivery }: EventContext) => {
    if (delivery!.remote_state === undefined) take(delivery!)?.refused(noOutcome)
  })
  return (parcel) => void waiting.set(write(parcel), parcel)
}

/** What rhea reads of a message that was not accepted. */
interface State {
  readonly error?: { readonly condition?: string; readonly description?: string }
  readonly delivery_failed?: boolean
  readonly undeliverable_here?: boolean
}

function refusalOf(name: 'rejected' | 'released' | 'modified', state: State): Refusal {
  if (name === 'modified') return modified(state.delivery_failed === true, state.undeliverable_here === true)
  const { condition, description } = state.error ?? {}
  return { name: condition ?? name, reason: description ?? noReason }
}

/** What rhea counts, and does not declare: how many messages have left on a link. */
function leftOn(sender: Sender): number {
  return (sender as unknown as { readonly delivery_count: number }).delivery_count
}

/** Messages that are settled before they leave. They leave once the broker has given credit for them. */
function presettledOutbox(sender: Sender, write: (parcel: Parcel) => Delivery, socket: Socket): Lane['send'] {
  const first = leftOn(sender)
  const waiting: Parcel[] = []
  let head = 0
  let left = 0
  let isScheduled = false

  const look = (): void => {
    isScheduled = false
    const count = leftOn(sender)
    while (left < count - first) {
      left++
      waiting[head++]!.left()
    }
    if (head === waiting.length) waiting.length = head = 0
    else if (head > 1_000) {
      waiting.splice(0, head)
      head = 0
    }
  }
  const lookLater = (): void => {
    if (isScheduled || head === waiting.length) return
    isScheduled = true
    // rhea writes at the end of this turn
    setImmediate(look)
  }
  // there may be credit, or room in the window of the session, of which rhea does not tell
  socket.on('data', lookLater)
  return (parcel) => {
    write(parcel)
    waiting.push(parcel)
    lookLater()
  }
}
