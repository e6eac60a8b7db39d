import type { Slot } from '@cloudbench/core'
import { Batch, type BatchOwner } from '../wire/batch.ts'
import type { Link } from '../client/link.ts'
import { noError } from '../wire/protocol-errors.ts'
import { askProducerId, type ProducerId } from '../wire/requests.ts'

/** A partition to write to, and the open link to its leader. */
export interface Outlet {
  readonly partition: number
  readonly link: Link
  /** What the next batch of an idempotent producer begins with. */
  nextSequence: number
}

export interface ProducerOptions extends Omit<BatchOwner, 'answered'> {
  readonly outlets: readonly [Outlet, ...Outlet[]]
  /** The outlet of the first batch; the following ones take turns. */
  readonly firstOutlet: number
  readonly lingerMs: number
  readonly batchesInFlight: number
  /** As many messages at most are under way. */
  readonly inFlight: number
  readonly isIdempotent: boolean
  /** Every message of a batch is stored, from this offset on; -1 when nobody said so. */
  stored(batch: Batch, baseOffset: number): void
  /** The broker refused a batch. */
  refused(batch: Batch, code: number): void
  broken(error: Error): void
}

/** Collects messages into batches and sends them, in order, as long as not too many are under way. */
export interface Producer {
  /** Number of the next message. */
  readonly sequence: number
  append(slot: Slot): void
  /** Messages that are not answered yet. */
  unanswered(): Slot[]
  close(): void
}

export async function createProducer(options: ProducerOptions): Promise<Producer> {
  const { outlets, lingerMs, batchesInFlight, inFlight, isIdempotent } = options
  const [{ link: firstLink }] = outlets
  const sequenceLimit = 2 ** 31
  const free: Batch[] = []
  /** Full or due, and not sent yet; the oldest first. */
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
  /** A batch was refused: the broker's count and ours no longer agree. */
  let isOutOfStep = false

  const owner: BatchOwner = {
    ...options,
    answered(batch, code, baseOffset) {
      if (isClosed) return
      sent.delete(batch)
      underWay -= batch.count
      if (code === noError) options.stored(batch, baseOffset)
      else {
        isOutOfStep = isIdempotent
        options.refused(batch, code)
      }
      free.push(batch)
      if (isOutOfStep && sent.size === 0) void renew()
      else sendReady()
    },
  }

  /** A new producer begins to count anew. */
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

  /** Ends the batch that is being filled. */
  const seal = (): void => {
    clearTimeout(timer)
    timer = undefined
    isDue = false
    if (open) ready.push(open)
    open = undefined
  }

  /** The batch that is being filled has waited long enough. Until it may be sent, it goes on filling up. */
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
      // when nobody else can come, there is nobody to wait for
      else if (underWay === inFlight) due()
    },
    unanswered: () => [...sent, ...ready, ...(open ? [open] : [])].flatMap(({ slots }) => slots),
    close() {
      isClosed = true
      clearTimeout(timer)
    },
  }
}
