import type { Slot } from '@cloudbench/core'
import { createBatch, insertStatementName, type Batch } from './batch.ts'
import { Exchange, type Receiver } from './exchange.ts'
import type { WriteLedger } from '../audit/ledger.ts'
import type { WriteOptions } from '../options.ts'
import { createDocumentShape } from '../payload.ts'
import type { Sender, Session } from '../client/session.ts'
import { tablesOf } from './tables.ts'
import { closeMessage, int8Type, jsonbType, parseMessage, traced } from '../wire/messages.ts'

/** SQL that a session runs before it can insert: whether there is a table, which statements are prepared on later. */
export function insertSetUp({ schema }: WriteOptions): string {
  return `SELECT 1 FROM ${tablesOf(schema).documents} LIMIT 0;`
}

/** A batch with the exchange that sends it. */
interface Shipment {
  readonly batch: Batch
  readonly exchange: Exchange
  /** For one that has not left. */
  fail(error: Error): void
}

/** For a batch that belongs to a trace: an INSERT with a comment, which is never the same again. */
const tracedRows = 0

/**
 * Writes documents, several with one INSERT. Every document is a request of its own: it has come due at its own time,
 * and is answered when the INSERT that it went with is.
 */
export function createInserts(session: Session, options: WriteOptions, ledger: WriteLedger): Sender {
  const { outcomes, context } = session
  const { batchRows, batchDelayMs, documentSize, pipelining, schema } = options
  const { bytes } = context
  const { insertDocuments } = tablesOf(schema)
  const shape = createDocumentShape(documentSize)
  const names = Array.from({ length: batchRows + 1 }, (_, rows) => insertStatementName(rows))
  const isPrepared = new Uint8Array(batchRows + 1)
  const free: Shipment[] = []
  const sealed: Shipment[] = []
  let filling: Shipment | undefined
  /** The rows have waited long enough, and leave as soon as they may. */
  let isDue = false
  let onTheWay = 0
  let timer: NodeJS.Timeout | undefined

  const createShipment = (): Shipment => {
    const batch = createBatch(batchRows, ledger.writer, shape)
    let stored = ''
    const settle = (answer: (slot: Slot, sequence: number) => void): void => {
      const { count, slots, sequences } = batch
      for (let row = 0; row < count; row++) answer(slots[row]!, sequences[row]!)
      batch.clear()
      free.push(shipment)
    }
    const arrived = (answer: (slot: Slot, sequence: number) => void): void => {
      onTheWay--
      session.inFlight--
      settle(answer)
      ship()
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
      refused(code) {
        // it may be the statement that is not there, or no longer good
        isPrepared[batch.count] = 0
        const outcome = outcomes.refused('insert', code)
        arrived((slot, sequence) => {
          ledger.refused(sequence)
          slot.done(outcome)
        })
      },
      lost(error) {
        if (batch.count === 0) return
        arrived((slot) => slot.fail(session.lost(error)))
        abandon(error)
      },
    }
    const shipment: Shipment = {
      batch,
      exchange: new Exchange(receiver, shape.bytes),
      fail: (error) => settle((slot) => slot.fail(error)),
    }
    return shipment
  }

  /** Sends what is ready, as many INSERTs at once as may be. */
  const ship = (): void => {
    while (onTheWay < pipelining && sealed.length > 0) {
      const { batch, exchange } = sealed.shift()!
      exchange.bytes = bytesOf(batch)
      bytes.sent += batch.count * documentSize
      onTheWay++
      session.inFlight++
      session.send(exchange)
    }
    if (isDue && onTheWay < pipelining) seal()
  }

  const bytesOf = (batch: Batch): Buffer => {
    const { count, slots } = batch
    const traceparent = slots[0]!.traceparent
    const key = traceparent === undefined ? count : tracedRows
    const name = names[key]!
    if (traceparent === undefined && isPrepared[key] === 1) return batch.seal(name)
    isPrepared[key] = 1
    const text = insertDocuments(count)
    return Buffer.concat([
      closeMessage(name),
      parseMessage(name, traceparent === undefined ? text : traced(text, traceparent), typesOf(count)),
      batch.seal(name),
    ])
  }

  const seal = (): void => {
    if (filling === undefined) return
    isDue = false
    sealed.push(filling)
    filling = undefined
    ship()
  }

  /** Rows that cannot leave yet go on gathering. */
  const due = (): void => {
    isDue = filling !== undefined
    ship()
  }

  /** The connection is dead or closing: what has not left will not. */
  const abandon = (error: Error): void => {
    const waiting = filling === undefined ? sealed.splice(0) : [...sealed.splice(0), filling]
    filling = undefined
    isDue = false
    for (const shipment of waiting) shipment.fail(session.lost(error))
  }

  return {
    issue(slot) {
      if (filling === undefined) {
        filling = free.pop() ?? createShipment()
        // of the batch that was begun last, whichever that was
        if (timer === undefined) timer = setTimeout(due, batchDelayMs)
        else timer.refresh()
      }
      const { batch } = filling
      batch.add(slot, ledger.begin())
      if (batch.count === batchRows) seal()
    },
    close() {
      clearTimeout(timer)
      abandon(new Error('Connection closed'))
    },
  }
}

/** What the server says when so many rows were inserted. */
function tagOf(rows: number): string {
  return `INSERT 0 ${rows}`
}

function typesOf(rows: number): number[] {
  return [int8Type, ...Array.from({ length: rows }, () => [int8Type, jsonbType]).flat()]
}
