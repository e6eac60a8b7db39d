import type { RequestTrace } from '@cloudbench/core'
import { serialize } from 'pg-protocol'
import type { DocumentInsertShape } from '../lanes/lane.ts'
import { createDocumentShape } from '../payload.ts'
import {
  bindHead,
  bindTail,
  executeMessage,
  int8Type,
  jsonbType,
  parseTextAt,
  syncMessage,
  writeInt8,
} from './messages.ts'
import { traceAt, traceComment } from './trace-comment.ts'

/** A bigint in a Bind: its length, and eight bytes. */
const parameterBytes = 4 + 8
/** Before the document of a row: the number, length of the document, version of jsonb. */
const prefixBytes = parameterBytes + 4 + 1
/** After the last row. It is as long as what stands before the document of a row, of which it takes the place. */
const tail = Buffer.concat([bindTail, executeMessage, syncMessage])

const zero = 48
/** Numbers below are written with 32-bit arithmetic: four bytes and ten digits, as the rest is laid out already. */
const narrowLimit = 2 ** 31
const narrowDigits = 10

/** The frames of INSERTs of documents, laid out once in the same bytes. */
export interface DocumentFrames {
  /** Writes the document of a row. Rows count from 0. */
  put(row: number, sequence: number): void
  /**
   * What to send for the rows up to that number; with what prepares a statement that was not prepared yet. Valid until rows
   * are put again.
   * @param index Of the request whose trace context it carries.
   */
  frameOf(rows: number, index: number): Buffer
  /** Prepares the statement for that many rows again, next time. */
  forget(rows: number): void
}

/** All names have the same length, but for the empty one, so that rows have a fixed place before their number is known. */
function insertStatementName(rows: number): string {
  return `cloudbench_insert_${String(rows).padStart(4, '0')}`
}

/** Rows are laid out in advance, so that putting one writes its number, in binary and in digits. */
export function createDocumentFrames(
  shape: DocumentInsertShape,
  isNamed: boolean,
  trace?: RequestTrace,
): DocumentFrames {
  const { rows, writer, documentSize, textOf } = shape
  const statements = createStatements(rows, textOf, isNamed, trace)
  const head = bindHead(statements.nameOf(rows), 0, 0)
  const layout = rowLayout(documentSize)
  const { bytes: row } = layout
  const firstRow = head.length + parameterBytes
  const bytes = Buffer.allocUnsafeSlow(firstRow + rows * row.length + tail.length)
  bytes.writeInt32BE(8, head.length)
  writeInt8(bytes, writer, head.length + 4)
  for (let at = firstRow; at < firstRow + rows * row.length; at += row.length) row.copy(bytes, at)
  /** The row that begins where a frame has ended, and so has lost its beginning; -1 for none. */
  let broken = -1
  const repair = (): void => {
    row.copy(bytes, firstRow + broken * row.length, 0, tail.length)
    broken = -1
  }
  const writeNumber = numberWriter(bytes, layout)
  return {
    put(at, sequence) {
      if (at === broken) repair()
      writeNumber(firstRow + at * row.length, sequence)
    },
    frameOf(count, index) {
      const end = firstRow + count * row.length
      bindHead(statements.nameOf(count), 1 + 2 * count, end - head.length).copy(bytes)
      if (broken !== -1) repair()
      tail.copy(bytes, end)
      if (count < rows) broken = count
      const frame = bytes.subarray(0, end + tail.length)
      const preparation = statements.preparationOf(count, index)
      return preparation === undefined ? frame : Buffer.concat([preparation, frame])
    },
    forget: statements.forget,
  }
}

/** The parameters of a row as they are with the number 0, and where its number stands: as eight bytes, and in digits. */
interface RowLayout {
  readonly bytes: Buffer
  readonly numberAt: number
  readonly lastDigitAt: number
  readonly digits: number
}

function rowLayout(documentSize: number): RowLayout {
  const { bytes: document, digitsAt, digits } = createDocumentShape(documentSize)
  const prefix = Buffer.alloc(prefixBytes)
  prefix.writeInt32BE(8, 0)
  prefix.writeInt32BE(1 + document.length, parameterBytes)
  prefix[prefixBytes - 1] = 1
  return {
    bytes: Buffer.concat([prefix, document]),
    numberAt: 4,
    lastDigitAt: prefixBytes + digitsAt + digits - 1,
    digits,
  }
}

/** Writes the number of a row that begins somewhere. */
function numberWriter(
  bytes: Buffer,
  { numberAt, lastDigitAt, digits }: RowLayout,
): (start: number, sequence: number) => void {
  /** Whether more than the lower half was ever written. */
  let isWide = false
  return (start, sequence) => {
    let digit = start + lastDigitAt
    if (sequence >= narrowLimit || isWide) {
      isWide = true
      writeInt8(bytes, sequence, start + numberAt)
      for (let left = digits, rest = sequence; left > 0; left--, rest = Math.floor(rest / 10))
        bytes[digit--] = zero + (rest % 10)
      return
    }
    const at = start + numberAt
    bytes[at + 4] = sequence >>> 24
    bytes[at + 5] = sequence >>> 16
    bytes[at + 6] = sequence >>> 8
    bytes[at + 7] = sequence
    for (let left = narrowDigits, rest = sequence; left > 0; left--) {
      const tenth = (rest / 10) | 0
      bytes[digit--] = zero + rest - tenth * 10
      rest = tenth
    }
  }
}

/** One statement per number of rows. */
interface Statements {
  nameOf(rows: number): string
  /** What prepares the statement, where it is not prepared. */
  preparationOf(rows: number, index: number): Buffer | undefined
  forget(rows: number): void
}

function createStatements(
  mostRows: number,
  textOf: DocumentInsertShape['textOf'],
  isNamed: boolean,
  trace: RequestTrace | undefined,
): Statements {
  const comment = trace === undefined ? '' : traceComment()
  const parse = (rows: number, name: string): Buffer =>
    serialize.parse({ name, text: comment + textOf(rows), types: typesOf(rows) })
  if (!isNamed) {
    const parses: (Buffer | undefined)[] = []
    return {
      nameOf: () => '',
      preparationOf(rows, index) {
        // a copy, because what the serializer returns may be used again
        const bytes = (parses[rows] ??= Buffer.from(parse(rows, '')))
        trace?.write(index, bytes, parseTextAt + traceAt)
        return bytes
      },
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
