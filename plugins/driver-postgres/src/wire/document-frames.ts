import { serialize } from 'pg-protocol'
import type { DocumentInsertShape } from '../lanes/lane.ts'
import { createDocumentShape } from '../payload.ts'
import {
  bindHead,
  bindTail,
  executeMessage,
  int8Type,
  jsonbType,
  syncMessage,
  writeInt8,
} from './messages.ts'

/** Before the document of a row in a Bind: length and sequence, length of the document, version of jsonb. */
const prefixBytes = 4 + 8 + 4 + 1
const zero = 48

/** The frames of INSERTs of documents, laid out once in the same bytes. */
export interface DocumentFrames {
  /** Writes the document of a row. Rows count from 0. */
  put(row: number, sequence: number): void
  /**
   * What to send for the rows up to that number; with what prepares a statement that was not prepared yet. Valid until rows
   * are put again.
   */
  frameOf(rows: number): Buffer
  /** Prepares the statement for that many rows again, next time. */
  forget(rows: number): void
}

/** All names have the same length, but for the empty one, so that rows have a fixed place before their number is known. */
export function insertStatementName(rows: number): string {
  return `cloudbench_insert_${String(rows).padStart(4, '0')}`
}

/**
 * Rows are laid out in advance with everything that never changes, so putting one writes a few dozen bytes. What follows
 * the last row overlaps the beginning of the next one, which is rewritten when that row is put.
 */
export function createDocumentFrames(shape: DocumentInsertShape, isNamed: boolean): DocumentFrames {
  const { rows, writer, documentSize, textOf } = shape
  const { bytes: document, digitsAt, digits } = createDocumentShape(documentSize)
  const statements = createStatements(rows, textOf, isNamed)
  const rowBytes = prefixBytes + document.length
  const tail = Buffer.concat([bindTail, executeMessage, syncMessage])
  const headBytes = bindHead(statements.nameOf(rows), 0, 0).length
  const firstRow = headBytes + 12
  const bytes = Buffer.allocUnsafeSlow(firstRow + rows * rowBytes + tail.length)
  bytes.writeInt32BE(8, headBytes)
  writeInt8(bytes, writer, headBytes + 4)
  for (let row = 0; row < rows; row++) document.copy(bytes, firstRow + row * rowBytes + prefixBytes)
  return {
    put(row, sequence) {
      const at = firstRow + row * rowBytes
      bytes.writeInt32BE(8, at)
      writeInt8(bytes, sequence, at + 4)
      bytes.writeInt32BE(1 + document.length, at + 12)
      bytes[at + 16] = 1
      let rest = sequence
      for (let digit = at + prefixBytes + digitsAt + digits - 1, left = digits; left > 0; left--) {
        bytes[digit--] = zero + (rest % 10)
        rest = Math.floor(rest / 10)
      }
    },
    frameOf(count) {
      const end = firstRow + count * rowBytes
      bindHead(statements.nameOf(count), 1 + 2 * count, 12 + count * rowBytes).copy(bytes)
      tail.copy(bytes, end)
      const frame = bytes.subarray(0, end + tail.length)
      const preparation = statements.preparationOf(count)
      return preparation === undefined ? frame : Buffer.concat([preparation, frame])
    },
    forget: statements.forget,
  }
}

/** One statement per number of rows. */
interface Statements {
  nameOf(rows: number): string
  /** What prepares the statement, where it is not prepared. */
  preparationOf(rows: number): Buffer | undefined
  forget(rows: number): void
}

function createStatements(
  mostRows: number,
  textOf: DocumentInsertShape['textOf'],
  isNamed: boolean,
): Statements {
  const parse = (rows: number, name: string): Buffer =>
    serialize.parse({ name, text: textOf(rows), types: typesOf(rows) })
  if (!isNamed) {
    const parses: (Buffer | undefined)[] = []
    return {
      nameOf: () => '',
      // a copy, because what the serializer returns may be used again
      preparationOf: (rows) => (parses[rows] ??= Buffer.from(parse(rows, ''))),
      forget() {},
    }
  }
  const isPrepared = new Uint8Array(mostRows + 1)
  return {
    nameOf: insertStatementName,
    preparationOf(rows) {
      if (isPrepared[rows] === 1) return undefined
      isPrepared[rows] = 1
      const name = insertStatementName(rows)
      return Buffer.concat([serialize.close({ type: 'S', name }), parse(rows, name)])
    },
    forget(rows) {
      isPrepared[rows] = 0
    },
  }
}

function typesOf(rows: number): number[] {
  return [int8Type, ...Array.from({ length: rows }, () => [int8Type, jsonbType]).flat()]
}
