import type { Slot } from '@cloudbench/core'
import type { Batch, Producer, ProducerOptions } from './lane.ts'

/** A batch that is being filled. It is reused. */
export interface OpenBatch extends Batch {
  /** Whether one more message would make it too large. */
  readonly isFull: boolean
  /** @param place Of its partition, among those of the producer. */
  reset(place: number, firstSequence: number): void
  append(slot: Slot): void
}

/** How a lane sends batches. */
export interface Courier<Sent extends OpenBatch> {
  /** No batch may leave now, no matter how few are under way. */
  readonly isHeld: boolean
  create(): Sent
  send(batch: Sent): void
}

/** The half of a producer that all lanes share: which message travels in which batch, and when it leaves. */
export interface Batching<Sent extends OpenBatch> extends Omit<Producer, 'close'> {
  readonly isStopped: boolean
  /** Batches that were sent and are not settled. */
  readonly sentCount: number
  /** A batch was answered: another may take its place. */
  settle(batch: Sent): void
  /** All of its requests were told; it may be filled again. */
  reuse(batch: Sent): void
  sendReady(): void
}

type Terms = Pick<ProducerOptions, 'firstPartition' | 'lingerMs' | 'batchesInFlight' | 'inFlight'>

/** One function, although a long one: everything that a message passes through shares this state. */
// oxlint-disable-next-line max-lines-per-function -- every message passes through the same state
export function createBatching<Sent extends OpenBatch>(
  { firstPartition, lingerMs, batchesInFlight, inFlight }: Terms,
  partitions: number,
  courier: Courier<Sent>,
): Batching<Sent> {
  const free: Sent[] = []
  /** Full or due, but not sent yet; the oldest first. */
  const ready: Sent[] = []
  let open: Sent | undefined
  let turn = firstPartition
  let sequence = 0
  let sentCount = 0
  let underWay = 0
  let timer: NodeJS.Timeout | undefined
  let isScheduled = false
  let isDue = false
  let isStopped = false

  const maySend = (): boolean => sentCount < batchesInFlight && !courier.isHeld && !isStopped

  const sendReady = (): void => {
    while (maySend()) {
      if (ready.length === 0 && isDue) seal()
      const batch = ready.shift()
      if (batch === undefined) return
      sentCount++
      courier.send(batch)
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

  const begin = (): Sent => {
    const batch = free.pop() ?? courier.create()
    batch.reset(turn++ % partitions, sequence)
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
    get isStopped() {
      return isStopped
    },
    get sentCount() {
      return sentCount
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
    settle(batch) {
      sentCount--
      underWay -= batch.count
    },
    reuse: (batch) => void free.push(batch),
    sendReady,
    giveBack(error) {
      const unsent = open ? [...ready, open] : ready
      for (const { slots } of unsent) for (const slot of slots) slot.unsent(error)
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
