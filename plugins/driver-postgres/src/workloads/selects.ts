import type { Slot } from '@cloudbench/core'
import { Exchange, type Receiver } from './exchange.ts'
import type { MixedOptions, ReadOptions } from '../options.ts'
import { createPayload } from '../payload.ts'
import type { Sender, Session } from '../client/session.ts'
import { prepareStatement, statementNames, tablesOf } from './tables.ts'
import { createCalls, int8Type, parseMessage, traced } from '../wire/messages.ts'

/** SQL that a session runs before it can select. */
export function selectSetUp({ schema, verify }: ReadOptions | MixedOptions): string {
  const { selectPayload, selectVersion } = tablesOf(schema)
  return verify
    ? prepareStatement(statementNames.selectPayload, 1, selectPayload)
    : prepareStatement(statementNames.selectVersion, 1, selectVersion)
}

/** Reads one row by its key, with a prepared statement. */
export function createSelects(session: Session, options: ReadOptions | MixedOptions): Sender {
  const { outcomes, context } = session
  const { rows, verify, payloadSize, schema } = options
  const { bytes } = context
  const tables = tablesOf(schema)
  const text = verify ? tables.selectPayload : tables.selectVersion
  const statement = verify ? statementNames.selectPayload : statementNames.selectVersion
  const payload = createPayload(payloadSize)
  const free: Select[] = []

  interface Select {
    start(slot: Slot, id: number): void
  }

  const createSelect = (): Select => {
    const calls = createCalls([{ statement, parameters: 1 }])
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
        if (!verify) outcome = outcomes.row
        else if (field !== null && field !== undefined) {
          bytes.received += field.length
          outcome = payload.isOf(id, field) ? outcomes.row : outcomes.wrongRow
        } else outcome = outcomes.wrongRow
      },
      complete() {},
      refused: (code) => answered().done(outcomes.refused('select', code)),
      ready: () => answered().done(outcome),
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
        exchange.bytes =
          given.traceparent === undefined ? calls.bytes : withTrace(text, given.traceparent, id)
        session.inFlight++
        session.send(exchange)
      },
    }
    return select
  }

  return {
    issue(slot) {
      const select = free.pop() ?? createSelect()
      select.start(slot, 1 + Math.floor(slot.random() * rows))
    },
  }
}

/** A statement with a comment is another one each time, so it is not prepared. */
function withTrace(text: string, traceparent: string, id: number): Buffer {
  const calls = createCalls([{ statement: '', parameters: 1 }])
  calls.set(0, 0, id)
  return Buffer.concat([parseMessage('', traced(text, traceparent), [int8Type]), calls.bytes])
}
