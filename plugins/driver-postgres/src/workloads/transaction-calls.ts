import type { Calls, Lane, Receiver } from '../lanes/lane.ts'
import type { MixedOptions } from '../options.ts'
import { tablesOf } from './tables.ts'

/** The calls of a transaction: one group per step, or all of them in one. */
export interface TransactionCalls {
  readonly groups: readonly Calls[]
  /** Rows, in the order of their updates, and what is added to each. */
  readonly items: number[]
  readonly deltas: number[]
  /** Sets the items, the deltas and the number of the transaction in all groups. */
  fill(sequence: number): void
}

export function createTransactionCalls(
  { updates, transaction, schema }: MixedOptions,
  lane: Lane,
  receiver: Receiver,
  writer: number,
): TransactionCalls {
  const { update, selectVersion, insertHistory } = tablesOf(schema)
  const times = <T>(value: T): T[] => Array.from({ length: updates }, () => value)
  const items = times(0)
  const deltas = times(0)
  const statements = [...times(update), selectVersion, ...times(insertHistory)]
  const together = transaction === 'step by step' ? statements.map((statement) => [statement]) : [statements]
  const groups = together.map((group) => lane.calls(group, receiver))

  /** Sets the numbers of a statement, which is one of the calls. */
  const fillCall = (calls: Calls, call: number, statement: number, sequence: number): void => {
    if (statement < updates) {
      calls.set(call, 0, deltas[statement]!)
      calls.set(call, 1, items[statement]!)
    } else if (statement === updates) calls.set(call, 0, items[0]!)
    else {
      const at = statement - updates - 1
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
      for (let group = 0, statement = 0; group < groups.length; group++)
        for (let call = 0; call < together[group]!.length; call++)
          fillCall(groups[group]!, call, statement++, sequence)
    },
  }
}
