import type { Slot } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import type { Receiver, Statement } from '../lanes/lane.ts'
import type { MixedOptions, ReadOptions } from '../options.ts'
import { createPayload, type Payload } from '../payload.ts'
import type { Sender, Session, Terms } from './session.ts'
import { checkTable, prepareStatement, tablesOf } from './tables.ts'

/** SQL that prepares a session for SELECTs. */
export function selectSetUp(options: ReadOptions | MixedOptions, { isPrepared }: Terms): string {
  return isPrepared ? prepareStatement(statementOf(options)) : checkTable(tablesOf(options.schema).items)
}

/** Reads one row by its key, with a prepared statement. */
export function createSelects(
  session: Session,
  options: ReadOptions | MixedOptions,
  readings: Readings,
): Sender {
  const { rows, payloadSize } = options
  const pool: Pool = {
    session,
    statement: statementOf(options),
    payload: options.verify ? createPayload(payloadSize) : undefined,
    readings,
    isPreloaded: options.preload,
    free: [],
  }
  const { free } = pool
  return {
    issue(slot) {
      const select = free.pop() ?? createSelect(pool)
      select.start(slot, 1 + Math.floor(slot.random() * rows))
    },
  }
}

function statementOf({ schema, verify }: ReadOptions | MixedOptions): Statement {
  const { selectPayload, selectVersion } = tablesOf(schema)
  return verify ? selectPayload : selectVersion
}

/** What the SELECTs of a connection share. */
interface Pool {
  readonly session: Session
  readonly statement: Statement
  /** Undefined when rows are not verified. */
  readonly payload: Payload | undefined
  readonly readings: Readings
  /** Whether every row was written before the load. */
  readonly isPreloaded: boolean
  readonly free: Select[]
}

/** One SELECT, reused from request to request. */
interface Select {
  start(slot: Slot, id: number): void
}

// oxlint-disable-next-line max-lines-per-function -- one closure, so that a request allocates nothing
function createSelect({ session, statement, payload, readings, isPreloaded, free }: Pool): Select {
  const { outcomes } = session
  const { bytes: byteCount } = session.context
  let slot: Slot | undefined
  let id = 0
  let outcome = outcomes.noRow
  const answered = (): Slot => {
    const answeredSlot = slot!
    slot = undefined
    session.inFlight--
    free.push(select)
    return answeredSlot
  }
  const right = (): void => {
    readings.right()
    outcome = outcomes.row
  }
  const wrong = (verified: Payload, text: string | null | undefined): void => {
    readings.wrong(() => verified.describe(id, text))
    if (text !== undefined) outcome = outcomes.wrongRow
  }
  const receiver: Receiver = {
    row(text) {
      if (payload === undefined) {
        outcome = outcomes.row
        return
      }
      if (text !== null) byteCount.received += text.length
      if (text !== null && payload.isOf(id, text)) right()
      else wrong(payload, text)
    },
    rowBytes(bytes, at, length) {
      if (payload === undefined) {
        outcome = outcomes.row
        return
      }
      if (length > 0) byteCount.received += length
      if (payload.isIn(id, bytes, at, length)) right()
      else wrong(payload, length < 0 ? null : bytes.toString('utf8', at, at + length))
    },
    complete() {},
    refused: (refusal) => answered().done(outcomes.refused('select', refusal)),
    ready() {
      if (outcome === outcomes.noRow && isPreloaded && payload !== undefined) wrong(payload, undefined)
      answered().done(outcome)
    },
    lost(error) {
      if (slot !== undefined) answered().fail(session.lost(error))
    },
  }
  const call = session.lane.calls([statement], receiver)
  const select: Select = {
    start(given, chosen) {
      slot = given
      id = chosen
      outcome = outcomes.noRow
      call.set(0, 0, id)
      session.inFlight++
      call.send(given.index)
    },
  }
  return select
}
