import type { Slot } from '@cloudbench/core'
import type { Ledger } from '../audit/ledger.ts'
import type { DocumentShape } from '../payload.ts'
import { createBatch, type Batch } from './batch.ts'
import { Exchange, type Receiver } from './exchange.ts'
import type { InsertStatements } from './insert-statements.ts'
import type { Session } from './session.ts'

/** A batch and the exchange that sends it, reused from INSERT to INSERT. */
export interface Shipment {
  readonly batch: Batch
  readonly exchange: Exchange
  /** Fails the requests of a batch that was never sent. */
  fail(error: Error): void
}

/** What the shipments of a connection share, and report to. */
export interface Dispatch {
  readonly session: Session
  readonly ledger: Ledger
  readonly shape: DocumentShape
  readonly batchRows: number
  readonly statements: InsertStatements
  readonly free: Shipment[]
  /** INSERTs without an answer. */
  onTheWay: number
  /** Sends what is ready, as far as INSERTs may be in flight. */
  ship(): void
  /** Fails everything that was not sent. */
  abandon(error: Error): void
}

export function createShipment(dispatch: Dispatch): Shipment {
  const { session, ledger, shape, batchRows, statements, free } = dispatch
  const { outcomes } = session
  const batch = createBatch(batchRows, ledger.writer, shape)
  let stored = ''
  const settle = (answer: (slot: Slot, sequence: number) => void): void => {
    const { count, slots, sequences } = batch
    for (let row = 0; row < count; row++) answer(slots[row]!, sequences[row]!)
    batch.clear()
    free.push(shipment)
  }
  const arrived = (answer: (slot: Slot, sequence: number) => void): void => {
    dispatch.onTheWay--
    session.inFlight--
    settle(answer)
    dispatch.ship()
  }
  const receiver: Receiver = {
    row() {},
    complete(tag) {
      stored = tag
    },
    ready() {
      const isWhole = stored === tagOf(batch.count)
      arrived((slot, sequence) => {
        if (isWhole) ledger.acknowledged(sequence)
        slot.done(isWhole ? outcomes.inserted : outcomes.otherCount)
      })
    },
    refused(refusal) {
      // the statement may be gone, or no longer valid
      statements.forget(batch.count)
      const outcome = outcomes.refused('insert', refusal)
      arrived((slot, sequence) => {
        ledger.refused(sequence)
        slot.done(outcome)
      })
    },
    lost(error) {
      if (batch.count === 0) return
      arrived((slot) => slot.fail(session.lost(error)))
      dispatch.abandon(error)
    },
  }
  const shipment: Shipment = {
    batch,
    exchange: new Exchange(receiver, shape.bytes),
    fail: (error) => settle((slot) => slot.fail(error)),
  }
  return shipment
}

/** What the server says after inserting that many rows. */
function tagOf(rows: number): string {
  return `INSERT 0 ${rows}`
}
