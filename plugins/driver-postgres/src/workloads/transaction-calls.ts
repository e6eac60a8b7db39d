import type { Pooler } from '../client/pooler.ts'
import type { MixedOptions } from '../options.ts'
import { createCalls, type Calls } from '../wire/messages.ts'
import { callOf, statementNames, tablesOf } from './tables.ts'

const { update, selectVersion, insertHistory } = statementNames

/** The calls of a transaction, laid out once: one group per step, or all of them in one. */
export interface TransactionCalls {
  readonly groups: readonly Calls[]
  /** Rows, in the order of their updates, and what is added to each. */
  readonly items: number[]
  readonly deltas: number[]
  /** Writes the items, the deltas and the number of the transaction into all groups. */
  fill(sequence: number): void
}

export function createTransactionCalls(
  { updates, transaction, schema }: MixedOptions,
  pooler: Pooler,
  writer: number,
): TransactionCalls {
  const tables = tablesOf(schema)
  const updateCall = callOf(pooler, update, 2, tables.update)
  const selectCall = callOf(pooler, selectVersion, 1, tables.selectVersion)
  const insertCall = callOf(pooler, insertHistory, 4, tables.insertHistory)
  const times = <T>(value: T): T[] => Array.from({ length: updates }, () => value)
  const items = times(0)
  const deltas = times(0)
  const shapes = [...times(updateCall), selectCall, ...times(insertCall)]
  const groupShapes = transaction === 'step by step' ? shapes.map((shape) => [shape]) : [shapes]
  const groups = groupShapes.map((group) => createCalls(group))

  /** Writes the numbers of a shape into one of the calls. */
  const fillCall = (calls: Calls, call: number, shape: number, sequence: number): void => {
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

  return {
    groups,
    items,
    deltas,
    fill(sequence) {
      for (let group = 0, shape = 0; group < groups.length; group++)
        for (let call = 0; call < groupShapes[group]!.length; call++)
          fillCall(groups[group]!, call, shape++, sequence)
    },
  }
}
