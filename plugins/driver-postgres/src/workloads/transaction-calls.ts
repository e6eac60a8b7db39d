import { serialize } from 'pg-protocol'
import type { MixedOptions } from '../options.ts'
import { createCalls, int8Type, traced, type Calls, type CallShape } from '../wire/messages.ts'
import { statementNames, tablesOf } from './tables.ts'

const { update, selectVersion, insertHistory } = statementNames
const updateCall: CallShape = { statement: update, parameters: 2 }
const selectCall: CallShape = { statement: selectVersion, parameters: 1 }
const insertCall: CallShape = { statement: insertHistory, parameters: 4 }

/** The calls of a transaction, laid out once: one group per step, or all of them in one. */
export interface TransactionCalls {
  readonly groups: readonly Calls[]
  /** Rows, in the order of their updates, and what is added to each. */
  readonly items: number[]
  readonly deltas: number[]
  /** Writes the items, the deltas and the number of the transaction into all groups. */
  fill(sequence: number): void
  /** The first group with the trace in its UPDATE, which is therefore not a prepared statement. */
  traced(sequence: number, traceparent: string): Buffer
}

export function createTransactionCalls(
  { updates, schema, transaction }: MixedOptions,
  writer: number,
): TransactionCalls {
  const times = <T>(value: T): T[] => Array.from({ length: updates }, () => value)
  const items = times(0)
  const deltas = times(0)
  const shapes = [...times(updateCall), selectCall, ...times(insertCall)]
  const groupShapes = transaction === 'step by step' ? shapes.map((shape) => [shape]) : [shapes]
  const groups = groupShapes.map((group) => createCalls(group))

  /** Writes the numbers of the shapes from `from` up to `to` into calls that begin with the first of them. */
  const fillGroup = (calls: Calls, sequence: number, from: number, to: number): void => {
    for (let shape = from; shape < to; shape++) {
      const call = shape - from
      if (shape < updates) {
        calls.set(call, 0, deltas[shape]!)
        calls.set(call, 1, items[shape]!)
      } else if (shape === updates) calls.set(call, 0, items[0]!)
      else {
        const at = shape - updates - 1
        calls.set(call, 0, writer)
        calls.set(call, 1, sequence)
        calls.set(call, 2, items[at]!)
        calls.set(call, 3, deltas[at]!)
      }
    }
  }

  return {
    groups,
    items,
    deltas,
    fill(sequence) {
      for (let at = 0, from = 0; at < groups.length; at++) {
        const to = from + groupShapes[at]!.length
        fillGroup(groups[at]!, sequence, from, to)
        from = to
      }
    },
    traced(sequence, traceparent) {
      const [first, ...others] = groupShapes[0]!
      const calls = createCalls([{ ...first!, statement: '' }, ...others])
      fillGroup(calls, sequence, 0, 1 + others.length)
      const text = traced(tablesOf(schema).update, traceparent)
      return Buffer.concat([serialize.parse({ name: '', text, types: [int8Type, int8Type] }), calls.bytes])
    },
  }
}
