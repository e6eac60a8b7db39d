import type { RequestTrace } from '@cloudbench/core'
import type { ParameterOrFragment, PendingQuery, Row } from 'postgres'
import type { PostgresJsClient } from '../client/postgres-js.ts'
import { isFatal } from '../error-replies.ts'
import { createDocumentShape } from '../payload.ts'
import { malformed } from '../wire/reader.ts'
import { traceComment } from '../wire/trace-comment.ts'
import { type Calls, type DocumentInsert, type Exchange, type Lane, onlyOne, type Receiver } from './lane.ts'

type Value = ParameterOrFragment<never>
type Trace = RequestTrace | undefined

/** Tagged templates, as an application writes them: with a promise, and values where they belong. */
export function createPostgresJsLane({ sql, fail }: PostgresJsClient, isNamed: boolean, trace: Trace): Lane {
  // it looks whenever it sends; whether names are kept is known only now that the connection is open
  sql.options.prepare = isNamed
  const { PostgresError } = sql
  const { place, traced } = tracing(sql, trace)

  const run = async (query: PendingQuery<Row[]>, receiver: Receiver, column?: string): Promise<void> => {
    try {
      const rows = await query
      if (column !== undefined) for (const row of rows) receiver.row(row[column] as string | null)
      receiver.complete(rows.count ?? -1)
    } catch (error) {
      if (error instanceof PostgresError && !isFatal(error)) receiver.refused(error)
      else {
        // anything else than the end of the connection is an answer that it could not read
        fail(malformed((error as Error).message))
        receiver.lost(error as Error)
      }
      return
    }
    receiver.ready()
  }

  return {
    sql(text, receiver): Exchange {
      const template = templateOf(place + text)
      return { send: (index) => void run(sql(template, ...traced([], index)).simple(), receiver) }
    },
    calls(statements, receiver): Calls {
      const { text, parameters, column } = onlyOne(statements)
      const template = templateOf(place + text)
      const values = Array.from({ length: parameters }, () => 0)
      return {
        set(_, parameter, value) {
          values[parameter] = value
        },
        send: (index) => void run(sql(template, ...traced(values, index)), receiver, column),
      }
    },
    documentInsert({ table, rows: mostRows, writer, documentSize }, receiver): DocumentInsert {
      const template = templateOf(`${place}INSERT INTO ${table} $1`)
      const { text, digits } = createDocumentShape(documentSize)
      const sequences = Array.from({ length: mostRows }, () => 0)
      const documentOf = (sequence: number) =>
        sql.json({ sequence: String(sequence).padStart(digits, '0'), text })
      return {
        put(row, sequence) {
          sequences[row] = sequence
        },
        send(rows, index) {
          const inserted = sequences
            .slice(0, rows)
            .map((sequence) => ({ writer, sequence, document: documentOf(sequence) }))
          const values = traced([sql(inserted, 'writer', 'sequence', 'document')], index)
          void run(sql(template, ...values), receiver)
        },
        forget() {},
      }
    },
    // fails what is in flight or waits, and what is sent later; otherwise it would try to connect again
    lose() {
      void sql.end({ timeout: 0 })
    },
  }
}

/** A trace context is a value too: a piece of SQL, in a template that stays the same. */
function tracing(sql: PostgresJsClient['sql'], trace: Trace) {
  return {
    place: trace === undefined ? '' : '$0',
    traced: (values: readonly Value[], index: number): readonly Value[] =>
      trace === undefined ? values : [sql.unsafe(traceComment(trace.traceparent(index))), ...values],
  }
}

/** Kept for all connections, since postgres.js keeps what it knows of a template for as long as the process runs. */
const templates = new Map<string, TemplateStringsArray>()

/** The template of a statement whose parameters are used once each, and in order. */
function templateOf(text: string): TemplateStringsArray {
  const made = templates.get(text)
  if (made !== undefined) return made
  const strings = text.split(/\$\d+/)
  const template = Object.assign(strings, { raw: [...strings] })
  templates.set(text, template)
  return template
}
