import type { Slot } from '@cloudbench/core'
import { Batch, type BatchOwner } from '../wire/batch.ts'
import { isMoved, noError, protocolError } from '../wire/protocol-errors.ts'
import { askProducerId, type ProducerId } from '../wire/requests.ts'
import type { Outlets } from './outlets.ts'

export interface ProducerOptions extends Omit<BatchOwner, 'answered'> {
  readonly outlets: Outlets
  /** The outlet of the first batch; the others take turns. */
  readonly firstOutlet: number
  readonly lingerMs: number
  readonly batchesInFlight: number
  /** At most this many messages are in flight. */
  readonly inFlight: number
  readonly isIdempotent: boolean
  /** Every message of a batch is stored, from this offset on; -1 without acknowledgements. */
  stored(batch: Batch, baseOffset: number): void
  /** The broker refused a batch, in its own words if it has any. */
  refused(batch: Batch, code: number, said: string | undefined): void
  /** Nothing more will be stored or refused. */
  broken(error: Error): void
}

/** Collects messages into batches and sends them, in order, as long as not too many are in flight. */
export interface Producer {
  /** Sequence number of the next message. */
  readonly sequence: number
  append(slot: Slot): void
  /** The connection is dead: gives back what has not left. */
  giveBack(error: Error): void
  close(): void
}

/** One function, although a long one: everything that a message passes through shares this state. */
// oxlint-disable-next-line max-lines-per-function -- every message passes through the same state
export async function createProducer(options: ProducerOptions): Promise<Producer> {
  const { outlets, lingerMs, batchesInFlight, inFlight, isIdempotent } = options
  const [{ link: firstLink }] = outlets
  const sequenceLimit = 2 ** 31
  const free: Batch[] = []
  /** Full or due, but not sent yet; the oldest first. */
  const ready: Batch[] = []
  const sent = new Set<Batch>()
  let open: Batch | undefined
  let turn = options.firstOutlet
  let sequence = 0
  let underWay = 0
  let timer: NodeJS.Timeout | undefined
  let isScheduled = false
  let isDue = false
  let isClosed = false
  let producer: ProducerId | undefined = isIdempotent ? await askProducerId(firstLink) : undefined
  /** A batch was refused: the broker's sequence and ours no longer agree. */
  let isOutOfStep = false

  const owner: BatchOwner = {
    ...options,
    answered(batch, code, baseOffset, said) {
      if (isClosed) return
      if (isMoved(code)) {
        // the batch stays unanswered: only over a new connection may it be sent again
        options.broken(protocolError(code, `partition ${batch.partition} of ${options.topic}`, said))
        return
      }
      sent.delete(batch)
      underWay -= batch.count
      if (code === noError) options.stored(batch, baseOffset)
      else {
        isOutOfStep = isIdempotent
        options.refused(batch, code, said)
      }
      free.push(batch)
      if (isOutOfStep && sent.size === 0) void renew()
      else sendReady()
    },
  }

  /** A new producer id starts new sequences. */
  const renew = async (): Promise<void> => {
    try {
      producer = await askProducerId(firstLink)
    } catch (error) {
      if (!isClosed) options.broken(error as Error)
      return
    }
    for (const outlet of outlets) outlet.nextSequence = 0
    isOutOfStep = false
    sendReady()
  }

  const maySend = (): boolean => sent.size < batchesInFlight && !isOutOfStep && !isClosed

  const sendReady = (): void => {
    while (maySend()) {
      if (ready.length === 0 && isDue) seal()
      const batch = ready.shift()
      if (batch === undefined) return
      const outlet = outlets[batch.outlet]!
      sent.add(batch)
      batch.send(outlet.link, producer, outlet.nextSequence)
      outlet.nextSequence = (outlet.nextSequence + batch.count) % sequenceLimit
    }
  }

  /** Closes the batch that is being filled. */
  const seal = (): void => {
    clearTimeout(timer)
    timer = undefined
    isDue = false
    if (open) ready.push(open)
    open = undefined
  }

  /** The batch that is being filled has waited long enough. Until it may be sent, it keeps filling up. */
  const due = (): void => {
    isScheduled = false
    isDue = open !== undefined
    sendReady()
  }

  const begin = (): Batch => {
    const batch = free.pop() ?? new Batch(owner)
    const at = turn++ % outlets.length
    batch.reset(at, outlets[at]!.partition, sequence)
    open = batch
    if (lingerMs > 0) timer = setTimeout(due, lingerMs)
    else if (!isScheduled) {
      isScheduled = true
      process.nextTick(due)
    }
    return batch
  }

  return {
    get sequence() {
      return sequence
    },
    append(slot) {
      const batch = open ?? begin()
      batch.append(slot)
      sequence++
      underWay++
      if (batch.isFull) {
        seal()
        sendReady()
      }
      // no other message can join it
      else if (underWay === inFlight) due()
    },
    giveBack(error) {
      const unsent = open ? [...ready, open] : ready
      for (const { slots } of unsent) for (const slot of slots) slot.unsent(error)
    },
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
