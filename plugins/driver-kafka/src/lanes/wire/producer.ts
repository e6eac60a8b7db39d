import { Batch, type BatchOwner } from '../../wire/batch.ts'
import { codecOf } from '../../wire/compression.ts'
import { isMoved, noError, protocolError } from '../../wire/protocol-errors.ts'
import { askProducerId, type ProducerId } from '../../wire/requests.ts'
import { createBatching, type Batching } from '../batching.ts'
import type { Producer, ProducerOptions } from '../lane.ts'
import type { Outlets } from './outlets.ts'

const sequenceLimit = 2 ** 31

/** Sends batches over the links to the leaders, each to its own. */
export async function createProducer(outlets: Outlets, options: ProducerOptions): Promise<Producer> {
  const { isIdempotent, topic } = options
  const [{ link: firstLink }] = outlets
  let producer: ProducerId | undefined = isIdempotent ? await askProducerId(firstLink) : undefined
  /** A batch was refused: the broker's sequence and ours no longer agree. */
  let isOutOfStep = false

  const owner: BatchOwner = {
    ...options,
    codec: codecOf(options.compression),
    partitions: outlets.map(({ partition }) => partition),
    answered(batch, code, baseOffset, said) {
      if (batching.isStopped) return
      if (isMoved(code)) {
        // the batch stays unanswered: only over a new connection may it be sent again
        options.broken(protocolError(code, `partition ${batch.partition} of ${topic}`, said))
        return
      }
      batching.settle(batch)
      if (code === noError) options.stored(batch, baseOffset)
      else {
        isOutOfStep = isIdempotent
        options.refused(batch, code, said)
      }
      batching.reuse(batch)
      if (isOutOfStep && batching.sentCount === 0) void renew()
      else batching.sendReady()
    },
  }

  /** A new producer id starts new sequences. */
  const renew = async (): Promise<void> => {
    try {
      producer = await askProducerId(firstLink)
    } catch (error) {
      if (!batching.isStopped) options.broken(error as Error)
      return
    }
    for (const outlet of outlets) outlet.nextSequence = 0
    isOutOfStep = false
    batching.sendReady()
  }

  const batching: Batching<Batch> = createBatching(options, outlets.length, {
    get isHeld() {
      return isOutOfStep
    },
    create: () => new Batch(owner),
    send(batch) {
      const outlet = outlets[batch.place]!
      batch.send(outlet.link, producer, outlet.nextSequence)
      outlet.nextSequence = (outlet.nextSequence + batch.count) % sequenceLimit
    },
  })
  // the links are closed by those who opened them
  return Object.assign(batching, { close: () => {} })
}
