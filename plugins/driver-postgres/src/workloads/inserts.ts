import { connectionClosed } from '@cloudbench/driver-kit'
import type { Ledger } from '../audit/ledger.ts'
import type { WriteOptions } from '../options.ts'
import type { Sender, Session } from './session.ts'
import { createShipment, type Dispatch, type Shipment } from './shipment.ts'
import { checkTable, tablesOf } from './tables.ts'

/** SQL that checks that the table exists; statements are prepared on it later. */
export function insertSetUp({ schema }: WriteOptions): string {
  return checkTable(tablesOf(schema).documents)
}

/**
 * Writes documents, several per INSERT. Every document is a request of its own: it comes due at its own time, and is
 * answered when its INSERT is. One closure over the state of the queue, which every request goes through.
 */
// oxlint-disable-next-line max-lines-per-function -- one closure over the queue that every request goes through
export function createInserts(session: Session, options: WriteOptions, ledger: Ledger): Sender {
  const { batchRows, batchDelayMs, documentSize, pipelining, schema } = options
  const { bytes } = session.context
  const { documents, insertDocuments } = tablesOf(schema)
  const sealed: Shipment[] = []
  let filling: Shipment | undefined
  /** The rows have waited long enough, and leave as soon as they may. */
  let isDue = false
  let timer: NodeJS.Timeout | undefined

  const dispatch: Dispatch = {
    session,
    ledger,
    shape: {
      table: documents,
      rows: batchRows,
      writer: ledger.writer,
      documentSize,
      textOf: insertDocuments,
    },
    free: [],
    onTheWay: 0,
    ship() {
      while (dispatch.onTheWay < pipelining && sealed.length > 0) {
        const shipment = sealed.shift()!
        bytes.sent += shipment.count() * documentSize
        dispatch.onTheWay++
        session.inFlight++
        shipment.send()
      }
      if (isDue && dispatch.onTheWay < pipelining) seal()
    },
    abandon(error) {
      const waiting = filling === undefined ? sealed.splice(0) : [...sealed.splice(0), filling]
      filling = undefined
      isDue = false
      for (const shipment of waiting) shipment.fail(session.lost(error))
    },
  }
  const { free } = dispatch

  const seal = (): void => {
    if (filling === undefined) return
    isDue = false
    sealed.push(filling)
    filling = undefined
    dispatch.ship()
  }

  /** Rows that cannot leave yet keep gathering. */
  const due = (): void => {
    isDue = filling !== undefined
    dispatch.ship()
  }

  return {
    issue(slot) {
      if (filling === undefined) {
        filling = free.pop() ?? createShipment(dispatch)
        // one timer, for whichever batch was begun last
        if (timer === undefined) timer = setTimeout(due, batchDelayMs)
        else timer.refresh()
      }
      filling.add(slot, ledger.begin())
      if (filling.count() === batchRows) seal()
    },
    close() {
      clearTimeout(timer)
      dispatch.abandon(connectionClosed())
    },
  }
}
