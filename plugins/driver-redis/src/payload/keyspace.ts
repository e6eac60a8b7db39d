import type { Shareable, TaskContext } from '@cloudbench/core'
import type { RedisOptions } from '../options.ts'
import { areDigits, hasDigits, putDigits } from './digits.ts'

const indexDigits = 10
const writerDigits = 5
const sequenceDigits = 16
const writerAt = indexDigits + 1
const sequenceAt = writerAt + writerDigits + 1
/** Such as `0000000042.00001.1795000000000000.`, 34 bytes. */
const headerBytes = sequenceAt + sequenceDigits + 1
const pattern = 'cloudbench-value.'
const dot = 46
/** A longer filler is compared by `memcmp`, which costs more to call and less per byte. */
const comparedHereBytes = 256

/** What a stored value says about itself. */
export interface ValueInfo {
  readonly index: number
  /** 0 for the preload, otherwise the connection, counted from 1. */
  readonly writer: number
  readonly sequence: number
}

/** The keys and values of a flow. */
export interface Keyspace extends Shareable {
  keyOf(index: number): string
  valueOf(index: number, writer: number, sequence: number): string
  /** Lays out the same in place. */
  putValue(bytes: Buffer, at: number, index: number, writer: number, sequence: number): void
  /** Whether a value was written under this key: `length` bytes from `at`, where there are no more. Makes nothing. */
  isValueOf(index: number, bytes: Buffer, at?: number, length?: number): boolean
  /** A decoded value as bytes, which are good until the next call. */
  bytesOf(text: string): Buffer
  /** Undefined when the value is not one of ours. */
  parse(value: Buffer): ValueInfo | undefined
  /** What is wrong with a value under this key. Of one with another size, the bytes are not looked at. */
  describe(index: number, bytes: Buffer, at?: number, length?: number): string
}

/** The keyspace of a flow in this worker, for all of its connections. */
export async function sharedKeyspace({ options, flow, share }: TaskContext<RedisOptions>): Promise<Keyspace> {
  return await share(`redis keyspace ${flow}`, () => createKeyspace(options))
}

export function createKeyspace({ prefix, valueSize }: Pick<RedisOptions, 'prefix' | 'valueSize'>): Keyspace {
  const fillerText = pattern.repeat(Math.ceil(valueSize / pattern.length)).slice(0, valueSize - headerBytes)
  const filler = Buffer.from(fillerText)
  const isFiller = fillerCheck(filler)
  /** With room for one character too many, so that a text of another size does not pass for one of the right size. */
  let scratch: Buffer | undefined
  let valueOfScratch: Buffer | undefined
  const keyOf = (index: number): string => prefix + index
  const isValueOf = (index: number, bytes: Buffer, at = 0, length = bytes.length): boolean =>
    length === valueSize &&
    hasDigits(bytes, at, indexDigits, index) &&
    hasHeader(bytes, at) &&
    isFiller(bytes, at + headerBytes)
  const parse = (value: Buffer): ValueInfo | undefined => {
    const [index, writer, sequence] = value.toString('latin1', 0, headerBytes).split('.').map(Number)
    if (index === undefined || !isValueOf(index, value)) return undefined
    return { index, writer: writer!, sequence: sequence! }
  }
  return {
    keyOf,
    valueOf: (index, writer, sequence) =>
      `${pad(index, indexDigits)}.${pad(writer, writerDigits)}.${pad(sequence, sequenceDigits)}.${fillerText}`,
    putValue(bytes, at, index, writer, sequence) {
      putDigits(bytes, at, indexDigits, index)
      bytes[at + writerAt - 1] = dot
      putDigits(bytes, at + writerAt, writerDigits, writer)
      bytes[at + sequenceAt - 1] = dot
      putDigits(bytes, at + sequenceAt, sequenceDigits, sequence)
      bytes[at + headerBytes - 1] = dot
      bytes.set(filler, at + headerBytes)
    },
    isValueOf,
    bytesOf(text) {
      if (text.length !== valueSize) return Buffer.from(text)
      scratch ??= Buffer.alloc(valueSize + 4)
      valueOfScratch ??= scratch.subarray(0, valueSize)
      return scratch.write(text) === valueSize ? valueOfScratch : Buffer.from(text)
    },
    parse,
    describe(index, bytes, at = 0, length = bytes.length) {
      if (length !== valueSize) return `key ${index} has a value of ${length} bytes, not of ${valueSize}`
      const other = parse(bytes.subarray(at, at + length))
      if (other !== undefined) return `key ${index} has the value of key ${other.index}`
      return `key ${index} has a value that was never written to it`
    },
    close() {},
  }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

let viewed: Buffer = Buffer.alloc(0)
let view: DataView = new DataView(viewed.buffer)

/** Words are read through a view, as fast as bytes. Most of what is compared is in one buffer: that of all reads. */
function viewOf(bytes: Buffer): DataView {
  if (bytes !== viewed) {
    viewed = bytes
    view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  return view
}

/** Whether there are digits and dots where a header has them. */
function hasHeader(bytes: Buffer, at: number): boolean {
  const words = viewOf(bytes)
  return (
    bytes[at + writerAt - 1] === dot &&
    bytes[at + sequenceAt - 1] === dot &&
    bytes[at + headerBytes - 1] === dot &&
    // five digits by two words that overlap
    areDigits(words.getInt32(at + writerAt)) &&
    areDigits(words.getInt32(at + writerAt + 1)) &&
    areDigits(words.getInt32(at + sequenceAt)) &&
    areDigits(words.getInt32(at + sequenceAt + 4)) &&
    areDigits(words.getInt32(at + sequenceAt + 8)) &&
    areDigits(words.getInt32(at + sequenceAt + 12))
  )
}

/** Whether the filler is at that place. */
function fillerCheck(filler: Buffer): (bytes: Buffer, at: number) => boolean {
  const { length } = filler
  if (length > comparedHereBytes)
    return (bytes, at) => bytes.compare(filler, 0, length, at, at + length) === 0
  const words = Int32Array.from({ length: length >> 2 }, (_, index) => filler.readInt32BE(index * 4))
  return (bytes, at) => {
    const found = viewOf(bytes)
    for (let index = 0; index < words.length; index++)
      if (found.getInt32(at + index * 4) !== words[index]) return false
    for (let index = words.length * 4; index < length; index++)
      if (bytes[at + index] !== filler[index]) return false
    return true
  }
}
