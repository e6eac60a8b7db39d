import { serialize } from 'pg-protocol'
import { int8Type, jsonbType, traced } from '../wire/messages.ts'
import { insertStatementName, type Batch } from './batch.ts'

/** The INSERTs that a session has prepared: one statement per number of rows. */
export interface InsertStatements {
  /** What to send for a batch; the first time, that also prepares its statement. */
  bytesOf(batch: Batch): Buffer
  /** Prepares the statement for that many rows again, next time. */
  forget(rows: number): void
}

/** For a traced batch: an INSERT with a comment, which is never the same twice. */
const tracedRows = 0

export function createInsertStatements(
  batchRows: number,
  textOf: (rows: number) => string,
): InsertStatements {
  const names = Array.from({ length: batchRows + 1 }, (_, rows) => insertStatementName(rows))
  const isPrepared = new Uint8Array(batchRows + 1)
  return {
    bytesOf(batch) {
      const { count, slots } = batch
      const traceparent = slots[0]!.traceparent
      const key = traceparent === undefined ? count : tracedRows
      const name = names[key]!
      if (traceparent === undefined && isPrepared[key] === 1) return batch.seal(name)
      isPrepared[key] = 1
      const plain = textOf(count)
      const text = traceparent === undefined ? plain : traced(plain, traceparent)
      return Buffer.concat([
        serialize.close({ type: 'S', name }),
        serialize.parse({ name, text, types: typesOf(count) }),
        batch.seal(name),
      ])
    },
    forget(rows) {
      isPrepared[rows] = 0
    },
  }
}

function typesOf(rows: number): number[] {
  return [int8Type, ...Array.from({ length: rows }, () => [int8Type, jsonbType]).flat()]
}
