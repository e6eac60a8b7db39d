import type { Slot } from '@cloudbench/core'
import { isMoved, noError, protocolError } from '../wire/protocol-errors.ts'
import { createBatching, type Batching, type OpenBatch } from './batching.ts'
import type { Producer, ProducerOptions } from './lane.ts'

/** At least, for all of a record but its value. */
const recordOverheadBytes = 10
const traceOverheadBytes = 68

/** A batch for a client library, which packs it: the values of its messages. */
class Parcel implements OpenBatch {
  readonly slots: Slot[] = []
  /** A library may keep what it was given: they are not reused. */
  values: Buffer[] = []
  partition = 0
  firstSequence = 0
  readonly #partitions: readonly number[]
  readonly #options: ProducerOptions

  constructor(partitions: readonly number[], options: ProducerOptions) {
    this.#partitions = partitions
    this.#options = options
  }

  get count(): number {
    return this.slots.length
  }

  get isFull(): boolean {
    const { valueBytes, batchBytes, trace } = this.#options
    const overheadBytes = recordOverheadBytes + (trace ? traceOverheadBytes : 0)
    return (this.count + 1) * (valueBytes + overheadBytes) > batchBytes
  }

  reset(place: number, firstSequence: number): void {
    this.slots.length = 0
    this.values = []
    this.partition = this.#partitions[place]!
    this.firstSequence = firstSequence
  }

  append(slot: Slot): void {
    const { valueBytes, writeValue } = this.#options
    const value = Buffer.allocUnsafe(valueBytes)
    writeValue(value, 0, this.firstSequence + this.count, slot.index)
    this.slots.push(slot)
    this.values.push(value)
  }
}

/** Why a call of a client library failed. */
export type Fault = { readonly code: number } | { readonly broken: Error }

/** How a client library sends. */
export interface Library {
  /** Sends a parcel by one call. @returns the offset of its first message; -1 without acknowledgements. */
  send(parcel: Parcel): Promise<number>
  /** What the error of a call says: a broker's by its number, or any other, which ends the connection. */
  read(error: unknown): Fault
  close(): Promise<void>
}

/** A producer whose batches are calls of a client library. */
export function createParcelProducer(
  library: Library,
  partitions: readonly number[],
  options: ProducerOptions,
): Producer {
  const deliver = async (parcel: Parcel): Promise<void> => {
    let offset = -1
    let code = noError
    try {
      offset = await library.send(parcel)
    } catch (error) {
      if (batching.isStopped) return
      const fault = library.read(error)
      if (!('code' in fault) || isMoved(fault.code)) {
        const where = `partition ${parcel.partition} of ${options.topic}`
        options.broken('code' in fault ? protocolError(fault.code, where) : fault.broken)
        return
      }
      ;({ code } = fault)
    }
    if (batching.isStopped) return
    batching.settle(parcel)
    if (code === noError) options.stored(parcel, offset)
    else options.refused(parcel, code, undefined)
    batching.reuse(parcel)
    batching.sendReady()
  }
  const batching: Batching<Parcel> = createBatching(options, partitions.length, {
    isHeld: false,
    create: () => new Parcel(partitions, options),
    send: (parcel) => void deliver(parcel),
  })
  return Object.assign(batching, { close: library.close })
}
