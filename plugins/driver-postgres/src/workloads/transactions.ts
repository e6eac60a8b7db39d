import type { Slot } from '@cloudbench/core'
import { Exchange, type Receiver } from './exchange.ts'
import type { WriteLedger } from '../audit/ledger.ts'
import type { MixedOptions } from '../options.ts'
import type { Retries } from './retries.ts'
import type { Sender, Session } from '../client/session.ts'
import { prepareStatement, statementNames, tablesOf } from './tables.ts'
import {
  createCalls,
  int8Type,
  parseMessage,
  queryMessage,
  traced,
  type CallShape,
  type Calls,
} from '../wire/messages.ts'

/** SQLSTATEs of transactions that met another one, and may be tried again: serialization failure, deadlock. */
export const conflictStates: ReadonlySet<string> = new Set(['40001', '40P01'])

const largestDelta = 1_000

const { update, selectVersion, insertHistory } = statementNames
const updateCall: CallShape = { statement: update, parameters: 2 }
const selectCall: CallShape = { statement: selectVersion, parameters: 1 }
const insertCall: CallShape = { statement: insertHistory, parameters: 4 }

/** SQL that a session runs before it can do transactions. */
export function transactionSetUp({ schema, isolation, verify }: MixedOptions): string {
  const tables = tablesOf(schema)
  return [
    `SET default_transaction_isolation = '${isolation}';`,
    prepareStatement(update, 2, tables.update),
    // without `verify`, it is what reads are made of as well
    verify ? prepareStatement(selectVersion, 1, tables.selectVersion) : '',
    prepareStatement(insertHistory, 4, tables.insertHistory),
  ].join('')
}

/** A transaction under way. */
export interface Transaction {
  readonly sequence: number
  /** Rows, in the order of their updates. */
  readonly items: readonly number[]
  readonly deltas: readonly number[]
}

/**
 * The transaction of pgbench -N: adds to a row, reads it, and writes down what was added. Step by step, every statement
 * waits for the one before; at once, all of them leave together and are one transaction without saying so.
 */
export function createTransactions(
  session: Session,
  options: MixedOptions,
  ledger: WriteLedger,
  retries: Retries | undefined,
): Sender {
  const { outcomes } = session
  const { rows, updates, transaction, schema } = options
  const isStepwise = transaction === 'step by step'
  const { update: updateText } = tablesOf(schema)
  const free: Unit[] = []
  const [begin, commit, rollback] = ['BEGIN', 'COMMIT', 'ROLLBACK'].map(queryMessage) as [
    Buffer,
    Buffer,
    Buffer,
  ]
  const times = <T>(value: T): T[] => Array.from({ length: updates }, () => value)
  const shapes = [...times(updateCall), selectCall, ...times(insertCall)]

  interface Unit {
    start(slot: Slot): void
  }

  const createUnit = (): Unit => {
    const items = times(0)
    const deltas = times(0)
    let sequence = 0
    let slot: Slot | undefined
    let step = 0
    let refusal: string | undefined
    let isRowMissing = false

    /** Puts the numbers of this transaction into calls that begin with the given one of its shapes. */
    const fill = (calls: Calls, from: number, to: number): void => {
      for (let shape = from; shape < to; shape++) {
        const call = shape - from
        if (shape < updates) {
          calls.set(call, 0, deltas[shape]!)
          calls.set(call, 1, items[shape]!)
        } else if (shape === updates) calls.set(call, 0, items[0]!)
        else {
          const at = shape - updates - 1
          calls.set(call, 0, ledger.writer)
          calls.set(call, 1, sequence)
          calls.set(call, 2, items[at]!)
          calls.set(call, 3, deltas[at]!)
        }
      }
    }

    const finish = (): Slot => {
      const finished = slot!
      slot = undefined
      session.inFlight--
      free.push(unit)
      return finished
    }

    const refuse = (code: string): void => {
      if (retries !== undefined && conflictStates.has(code)) {
        retries.add({ sequence, items: [...items], deltas: [...deltas] })
        finish().done(outcomes.retried(code))
        return
      }
      ledger.refused(sequence)
      finish().done(outcomes.refused('transaction', code))
    }

    const receiver: Receiver = {
      row() {},
      complete(tag) {
        if (tag === 'UPDATE 0') isRowMissing = true
      },
      refused(code) {
        // a commit that fails, and statements that left at once, leave no transaction behind
        if (!isStepwise || step === steps.length - 1 || refusal !== undefined) {
          refuse(refusal ?? code)
          return
        }
        refusal = code
        session.send(undo)
      },
      ready() {
        if (refusal !== undefined) refuse(refusal)
        else if (step < steps.length - 1) session.send(steps[++step]!)
        else {
          ledger.acknowledged(sequence)
          finish().done(isRowMissing ? outcomes.noRowUpdated : outcomes.committed)
        }
      },
      lost(error) {
        if (slot !== undefined) finish().fail(session.lost(error))
      },
    }

    const exchangeOf = (bytes: Buffer): Exchange => new Exchange(receiver, bytes)
    const undo = exchangeOf(rollback)
    /** With the shapes that each of them is made of. */
    const groups = isStepwise ? shapes.map((shape) => [shape]) : [shapes]
    const calls = groups.map((group) => createCalls(group))
    const callSteps = calls.map(({ bytes }) => exchangeOf(bytes))
    const steps = isStepwise ? [exchangeOf(begin), ...callSteps, exchangeOf(commit)] : callSteps

    /** The first update says to which trace the transaction belongs, and so is a statement of its own. */
    const withTrace = (traceparent: string): Buffer => {
      const group = groups[0]!
      const ownCalls = createCalls([{ ...updateCall, statement: '' }, ...group.slice(1)])
      fill(ownCalls, 0, group.length)
      const parse = parseMessage('', traced(updateText, traceparent), [int8Type, int8Type])
      return Buffer.concat([parse, ownCalls.bytes])
    }

    const unit: Unit = {
      start(given) {
        slot = given
        sequence = ledger.begin()
        step = 0
        refusal = undefined
        isRowMissing = false
        for (let at = 0; at < updates; at++) {
          items[at] = 1 + Math.floor(given.random() * rows)
          deltas[at] = 1 + Math.floor(given.random() * largestDelta)
        }
        for (let at = 0, from = 0; at < calls.length; at++) {
          const to = from + groups[at]!.length
          fill(calls[at]!, from, to)
          from = to
        }
        callSteps[0]!.bytes = given.traceparent === undefined ? calls[0]!.bytes : withTrace(given.traceparent)
        session.inFlight++
        session.send(steps[0]!)
      },
    }
    return unit
  }

  return {
    issue(slot) {
      const unit = free.pop() ?? createUnit()
      unit.start(slot)
    },
  }
}
