import type { Slot } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import type { Pooler } from '../client/pooler.ts'
import type { MixedOptions, ReadOptions } from '../options.ts'
import { createPayload, type Payload } from '../payload.ts'
import { createCalls, type CallShape } from '../wire/messages.ts'
import { Exchange, type Receiver } from './exchange.ts'
import type { Sender, Session } from './session.ts'
import { callOf, checkTable, prepareStatement, statementNames, tablesOf } from './tables.ts'

/** SQL that prepares a session for SELECTs. */
export function selectSetUp(options: ReadOptions | MixedOptions, pooler: Pooler): string {
  if (pooler !== 'none') return checkTable(tablesOf(options.schema).items)
  const { statement, text } = statementOf(options)
  return prepareStatement(statement, 1, text)
}

/** Reads one row by its key, with a prepared statement. */
export function createSelects(
  session: Session,
  options: ReadOptions | MixedOptions,
  readings: Readings,
): Sender {
  const { rows, payloadSize } = options
  const { statement, text } = statementOf(options)
  const pool: Pool = {
    session,
    call: callOf(session.pooler, statement, 1, text),
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

interface Statement {
  readonly statement: string
  readonly text: string
}

function statementOf({ schema, verify }: ReadOptions | MixedOptions): Statement {
  const { selectPayload, selectVersion } = tablesOf(schema)
  return verify
    ? { statement: statementNames.selectPayload, text: selectPayload }
    : { statement: statementNames.selectVersion, text: selectVersion }
}

/** What the SELECTs of a connection share. */
interface Pool {
  readonly session: Session
  readonly call: CallShape
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

function createSelect({ session, call, payload, readings, isPreloaded, free }: Pool): Select {
  const { outcomes } = session
  const { bytes } = session.context
  const calls = createCalls([call])
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
  const receiver: Receiver = {
    row(fields) {
      const field = fields[0]
      if (payload === undefined) {
        outcome = outcomes.row
        return
      }
      if (field !== null && field !== undefined) bytes.received += field.length
      if (typeof field === 'string' && payload.isOf(id, field)) {
        readings.right()
        outcome = outcomes.row
        return
      }
      readings.wrong(() => payload.describe(id, field ?? null))
      outcome = outcomes.wrongRow
    },
    complete() {},
    refused: (refusal) => answered().done(outcomes.refused('select', refusal)),
    ready() {
      if (outcome === outcomes.noRow && isPreloaded && payload !== undefined)
        readings.wrong(() => payload.describe(id, undefined))
      answered().done(outcome)
    },
    lost(error) {
      if (slot !== undefined) answered().fail(session.lost(error))
    },
  }
  const exchange = new Exchange(receiver, calls.bytes)
  const select: Select = {
    start(given, chosen) {
      slot = given
      id = chosen
      outcome = outcomes.noRow
      calls.set(0, 0, id)
      session.inFlight++
      session.send(exchange)
    },
  }
  return select
}
