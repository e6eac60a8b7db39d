import type { Slot } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import { withoutRows, type DocumentInsertShape, type Receiver } from '../lanes/lane.ts'
import type { Session } from './session.ts'

/** The rows of one INSERT, and the requests that wait for it. Made once and refilled. */
export interface Shipment {
  count(): number
  add(slot: Slot, sequence: number): void
  send(): void
  /** Fails the requests of an INSERT that was never sent. */
  fail(error: Error): void
}

/** What the shipments of a connection share, and report to. */
export interface Dispatch {
  readonly session: Session
  readonly ledger: Ledger
  readonly shape: DocumentInsertShape
  readonly free: Shipment[]
  /** INSERTs without an answer. */
  onTheWay: number
  /** Sends what is ready, as far as INSERTs may be in flight. */
  ship(): void
  /** Fails everything that was not sent. */
  abandon(error: Error): void
}

export function createShipment(dispatch: Dispatch): Shipment {
  const { session, ledger, shape, free } = dispatch
  const { outcomes } = session
  const slots: (Slot | undefined)[] = Array.from({ length: shape.rows })
  const sequences = new Float64Array(shape.rows)
  let count = 0
  let stored = 0
  const settle = (answer: (slot: Slot, sequence: number) => void): void => {
    const rows = count
    count = 0
    for (let row = 0; row < rows; row++) answer(slots[row]!, sequences[row]!)
    slots.fill(undefined, 0, rows)
    free.push(shipment)
  }
  const arrived = (answer: (slot: Slot, sequence: number) => void): void => {
    dispatch.onTheWay--
    session.inFlight--
    settle(answer)
    dispatch.ship()
  }
  const receiver: Receiver = {
    ...withoutRows,
    complete(rows) {
      stored = rows
    },
    ready() {
      const isWhole = stored === count
      arrived((slot, sequence) => {
        if (isWhole) ledger.acknowledged(sequence)
        slot.done(isWhole ? outcomes.inserted : outcomes.otherCount)
      })
    },
    refused(refusal) {
      insert.forget(count)
      const outcome = outcomes.refused('insert', refusal)
      arrived((slot, sequence) => {
        ledger.refused(sequence)
        slot.done(outcome)
      })
    },
    lost(error) {
      if (count === 0) return
      arrived((slot) => slot.fail(session.lost(error)))
      dispatch.abandon(error)
    },
  }
  const insert = session.lane.documentInsert(shape, receiver)
  const shipment: Shipment = {
    count: () => count,
    add(slot, sequence) {
      slots[count] = slot
      sequences[count] = sequence
      insert.put(count, sequence)
      count++
    },
    send: () => insert.send(count, slots[0]!.index),
    fail: (error) => settle((slot) => slot.fail(error)),
  }
  return shipment
}
