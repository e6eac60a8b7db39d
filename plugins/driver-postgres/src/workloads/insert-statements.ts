import { serialize } from 'pg-protocol'
import type { Pooler } from '../client/pooler.ts'
import { int8Type, jsonbType } from '../wire/messages.ts'
import { insertStatementName, type Batch } from './batch.ts'

/** The INSERTs that a session has prepared: one statement per number of rows. */
export interface InsertStatements {
  /** What to send for a batch; the first time, that also prepares its statement. */
  bytesOf(batch: Batch): Buffer
  /** Prepares the statement for that many rows again, next time. */
  forget(rows: number): void
}

export function createInsertStatements(
  batchRows: number,
  textOf: (rows: number) => string,
  pooler: Pooler,
): InsertStatements {
  if (pooler !== 'none') return unnamedStatements(textOf)
  const names = Array.from({ length: batchRows + 1 }, (_, rows) => insertStatementName(rows))
  const isPrepared = new Uint8Array(batchRows + 1)
  return {
    bytesOf(batch) {
      const { count } = batch
      const name = names[count]!
      if (isPrepared[count] === 1) return batch.seal(name)
      isPrepared[count] = 1
      return Buffer.concat([
        serialize.close({ type: 'S', name }),
        serialize.parse({ name, text: textOf(count), types: typesOf(count) }),
        batch.seal(name),
      ])
    },
    forget(rows) {
      isPrepared[rows] = 0
    },
  }
}

/** Prepared again with every INSERT, without a name. */
function unnamedStatements(textOf: (rows: number) => string): InsertStatements {
  const parses: (Buffer | undefined)[] = []
  return {
    bytesOf(batch) {
      const { count } = batch
      const parse = (parses[count] ??= Buffer.from(
        serialize.parse({ name: '', text: textOf(count), types: typesOf(count) }),
      ))
      return Buffer.concat([parse, batch.seal('')])
    },
    forget() {},
  }
}

function typesOf(rows: number): number[] {
  return [int8Type, ...Array.from({ length: rows }, () => [int8Type, jsonbType]).flat()]
}
