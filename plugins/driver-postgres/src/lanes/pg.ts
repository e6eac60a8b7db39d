import type { RequestTrace } from '@cloudbench/core'
import { DatabaseError, type Client, type Query } from 'pg'
import { isFatal } from '../error-replies.ts'
import { createDocumentShape } from '../payload.ts'
import { traceComment } from '../wire/trace-comment.ts'
import {
  type Calls,
  type DocumentInsert,
  type Exchange,
  type Lane,
  onlyOne,
  type Receiver,
  type Refusal,
} from './lane.ts'

/**
 * `client.query`, as an application calls it: with a promise, text, values, and, where they are kept, names. A text with a
 * trace context has no name: it is another every time.
 */
export function createPgLane(client: Client, isNamed: boolean, trace: RequestTrace | undefined): Lane {
  const run = async (query: string | Query, receiver: Receiver, column?: string): Promise<void> => {
    try {
      const { rows, rowCount } = await client.query(query)
      if (column !== undefined) for (const row of rows) receiver.row(row[column] as string | null)
      receiver.complete(rowCount ?? -1)
    } catch (error) {
      if (isRefusal(error)) receiver.refused(error)
      else receiver.lost(error as Error)
      return
    }
    receiver.ready()
  }
  const traced = (text: string, index: number): string =>
    trace === undefined ? text : traceComment(trace.traceparent(index)) + text
  const named = (name: string): { readonly name?: string } => (isNamed ? { name } : {})
  return {
    sql: (text, receiver): Exchange => ({ send: (index) => void run(traced(text, index), receiver) }),
    calls(statements, receiver): Calls {
      const { name, text, parameters, column } = onlyOne(statements)
      const values = Array.from({ length: parameters }, () => 0)
      return {
        set(_, parameter, value) {
          values[parameter] = value
        },
        send: (index) =>
          void run({ ...named(name), text: traced(text, index), values: [...values] }, receiver, column),
      }
    },
    documentInsert({ rows: mostRows, writer, documentSize, textOf }, receiver): DocumentInsert {
      const { text, digits } = createDocumentShape(documentSize)
      const texts: string[] = []
      const sequences = Array.from({ length: mostRows }, () => 0)
      return {
        put(row, sequence) {
          sequences[row] = sequence
        },
        send(rows, index) {
          const values: unknown[] = [writer]
          for (let row = 0; row < rows; row++) {
            const sequence = sequences[row]!
            values.push(sequence, { sequence: String(sequence).padStart(digits, '0'), text })
          }
          const query = {
            ...named(`cloudbench_insert_${rows}`),
            text: traced((texts[rows] ??= textOf(rows)), index),
            values,
          }
          void run(query, receiver)
        },
        forget() {},
      }
    },
    // pg itself fails what is in flight, and what is sent later
    lose() {},
  }
}

function isRefusal(error: unknown): error is Refusal & Error {
  if (!(error instanceof DatabaseError) || error.code === undefined) return false
  return !isFatal({ severity: error.severity ?? '', code: error.code })
}
