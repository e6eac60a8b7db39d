import type { RequestTrace } from '@cloudbench/core'
import { serialize } from 'pg-protocol'
import type { Statement } from '../lanes/lane.ts'
import { traceAt, traceComment } from './trace-comment.ts'

// messages that are laid out once and sent again and again with other numbers, as in "Message Formats" of the PostgreSQL
// documentation. Each begins with a letter and its length, which counts itself and what follows, but not the letter.

/** Object identifiers of the types that the driver binds. */
export const int8Type = 20
export const jsonbType = 3802

const twoTo32 = 4_294_967_296

/** Runs the statement bound last, to completion. */
export const executeMessage = serialize.execute()

export const syncMessage = serialize.sync()

/** A Bind up to its first parameter: binary parameters for a prepared statement. */
export function bindHead(statement: string, parameters: number, bytesOfParameters: number): Buffer {
  const headBytes = 5 + 1 + Buffer.byteLength(statement) + 1 + 2 + 2 + 2
  const head = Buffer.alloc(headBytes)
  head.write('B')
  head.writeInt32BE(headBytes - 1 + bytesOfParameters + 2, 1)
  // byte 5 stays 0: the unnamed portal
  let at = 6 + head.write(`${statement}\0`, 6)
  // one format for all parameters: binary
  at = head.writeInt16BE(1, at)
  at = head.writeInt16BE(1, at)
  head.writeInt16BE(parameters, at)
  return head
}

/** Results as text. */
export const bindTail = Buffer.from([0, 0])

/** A frame whose statements say which request they belong to, where they carry trace contexts. */
export interface MarkedFrame {
  readonly bytes: Buffer
  mark(index: number): void
}

/** Of a Query and of an unnamed Parse: letter, length, and the name, which is empty. */
const queryTextAt = 5
export const parseTextAt = 6

/** A simple query, to be sent again and again. */
export function createQueryFrame(text: string, trace: RequestTrace | undefined): MarkedFrame {
  // a copy, because what the serializer returns may be used again
  const bytes = Buffer.from(serialize.query(trace === undefined ? text : traceComment() + text))
  return { bytes, mark: (index) => trace?.write(index, bytes, queryTextAt + traceAt) }
}

/** Calls of statements and one Sync at the end, laid out once, to be sent again and again with other numbers. */
export interface CallFrames extends MarkedFrame {
  /** Writes a parameter, an integer from 0, in its place. Calls and parameters count from 0. */
  set(call: number, parameter: number, value: number): void
}

const parameterBytes = 12

/** @param isNamed Whether the statements are prepared; otherwise each call prepares its own, without a name. */
export function createCallFrames(
  statements: readonly Statement[],
  isNamed: boolean,
  trace?: RequestTrace,
): CallFrames {
  const starts: number[] = []
  const marks: number[] = []
  let length = 0
  const calls = statements.map(({ name, parameters, text }) => {
    const body = Buffer.alloc(parameters * parameterBytes)
    for (let at = 0; at < body.length; at += parameterBytes) body.writeInt32BE(8, at)
    const bind = bindHead(isNamed ? name : '', parameters, body.length)
    const head = isNamed
      ? bind
      : Buffer.concat([unnamed(trace === undefined ? text : traceComment() + text, parameters), bind])
    const call = Buffer.concat([head, body, bindTail, executeMessage])
    starts.push(length + head.length)
    marks.push(length + parseTextAt + traceAt)
    length += call.length
    return call
  })
  const bytes = Buffer.concat([...calls, syncMessage])
  return {
    bytes,
    mark(index) {
      if (trace) for (let call = 0; call < marks.length; call++) trace.write(index, bytes, marks[call]!)
    },
    set: (call, parameter, value) => writeInt8(bytes, value, starts[call]! + parameter * parameterBytes + 4),
  }
}

function unnamed(text: string, parameters: number): Buffer {
  return serialize.parse({ name: '', text, types: Array.from({ length: parameters }, () => int8Type) })
}

/** Eight bytes, without a BigInt. @param value A safe integer, from 0. */
export function writeInt8(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / twoTo32), at)
  bytes.writeUInt32BE(value % twoTo32, at + 4)
}
