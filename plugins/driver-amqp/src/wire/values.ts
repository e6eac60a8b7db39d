import { malformed } from './malformed.ts'

// values of AMQP 1.0, part 1.6. Every value says how long it is, so that one is skipped without being entered.

/** No frame that a client reads nests deeper than four. */
const deepest = 32
/** Elements without bytes, which a length does not bound. */
const mostEmpty = 4_096

/** A value with a descriptor. */
export interface Described {
  readonly descriptor: unknown
  readonly value: unknown
}

export function isDescribed(value: unknown): value is Described {
  return typeof value === 'object' && value !== null && 'descriptor' in value
}

/** Where the bytes after a value's constructor end. */
function endOfData(bytes: Buffer, code: number, at: number, end: number): number {
  let next = at
  switch (code >>> 4) {
    case 0x4:
      break
    case 0x5:
      next = at + 1
      break
    case 0x6:
      next = at + 2
      break
    case 0x7:
      next = at + 4
      break
    case 0x8:
      next = at + 8
      break
    case 0x9:
      next = at + 16
      break
    case 0xa:
    case 0xc:
    case 0xe:
      if (at < end) next = at + 1 + bytes[at]!
      else next = end + 1
      break
    case 0xb:
    case 0xd:
    case 0xf:
      if (at + 4 <= end) next = at + 4 + uint32(bytes, at)
      else next = end + 1
      break
    default:
      throw malformed(`0x${code.toString(16)} is no constructor of a value`)
  }
  if (next > end) throw malformed('a value is longer than what it is part of')
  return next
}

/** Where the value that begins at `at` ends. */
export function endOf(bytes: Buffer, at: number, end: number): number {
  // a described value is two: its descriptor, and what it describes
  let left = 1
  let next = at
  while (left > 0) {
    if (next >= end) throw malformed('a value is missing')
    const code = bytes[next++]!
    if (code === 0) left++
    else {
      next = endOfData(bytes, code, next, end)
      left--
    }
  }
  return next
}

export function uint32(bytes: Buffer, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
}

/**
 * Decodes the value that begins at `at`, for frames that are not read often: lists and arrays as arrays, maps as Maps,
 * symbols as strings, binaries as copies, numbers of 64 bits as bigint beyond 2^53.
 */
export function readValue(bytes: Buffer, at: number, end: number, depth = 0): unknown {
  if (depth > deepest) throw malformed(`values are nested deeper than ${deepest}`)
  const next = endOf(bytes, at, end)
  const code = bytes[at]!
  if (code !== 0) return readData(bytes, code, at + 1, next, depth)
  const middle = endOf(bytes, at + 1, next)
  return {
    descriptor: readValue(bytes, at + 1, middle, depth + 1),
    value: readValue(bytes, middle, next, depth + 1),
  }
}

/** @param end Where the value ends. */
function readData(bytes: Buffer, code: number, at: number, end: number, depth: number): unknown {
  switch (code) {
    case 0xa0:
      return Buffer.from(bytes.subarray(at + 1, end))
    case 0xb0:
      return Buffer.from(bytes.subarray(at + 4, end))
    case 0xa1:
    case 0xa3:
      return bytes.toString('utf8', at + 1, end)
    case 0xb1:
    case 0xb3:
      return bytes.toString('utf8', at + 4, end)
    case 0x45:
      return []
    case 0xc0:
    case 0xd0:
      return readElements(bytes, code, at, end, depth)
    case 0xc1:
    case 0xd1:
      return mapOf(readElements(bytes, code, at, end, depth))
    case 0xe0:
    case 0xf0:
      return readArray(bytes, code, at, end, depth)
    default:
      return readFixed(bytes, code, at, end)
  }
}

function readFixed(bytes: Buffer, code: number, at: number, end: number): unknown {
  switch (code) {
    case 0x40:
      return null
    case 0x41:
      return true
    case 0x42:
      return false
    case 0x43:
    case 0x44:
      return 0
    case 0x56:
      if (bytes[at]! > 1) throw malformed('a boolean is neither 0 nor 1')
      return bytes[at] === 1
    case 0x50:
    case 0x52:
    case 0x53:
      return bytes[at]
    case 0x51:
    case 0x54:
    case 0x55:
      return bytes.readInt8(at)
    case 0x60:
      return bytes.readUInt16BE(at)
    case 0x61:
      return bytes.readInt16BE(at)
    case 0x70:
      return uint32(bytes, at)
    case 0x71:
      return bytes.readInt32BE(at)
    case 0x72:
      return bytes.readFloatBE(at)
    case 0x73:
      return characterOf(uint32(bytes, at))
    case 0x80:
      return narrow(bytes.readBigUInt64BE(at))
    case 0x81:
    case 0x83:
      return narrow(bytes.readBigInt64BE(at))
    case 0x82:
      return bytes.readDoubleBE(at)
    // decimals, and an UUID
    case 0x74:
    case 0x84:
    case 0x94:
    case 0x98:
      return Buffer.from(bytes.subarray(at, end))
    default:
      throw malformed(`0x${code.toString(16)} is no constructor of a value`)
  }
}

function characterOf(point: number): string {
  if (point > 0x10_ffff) throw malformed('a character is none of Unicode')
  return String.fromCodePoint(point)
}

function narrow(value: bigint): number | bigint {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function readElements(bytes: Buffer, code: number, at: number, end: number, depth: number): unknown[] {
  const width = code < 0xd0 ? 1 : 4
  if (end - at < 2 * width) throw malformed('a list has no count')
  const count = width === 1 ? bytes[at + 1]! : uint32(bytes, at + 4)
  let next = at + 2 * width
  if (count > end - next) throw malformed('a list has fewer bytes than values')
  const elements: unknown[] = []
  for (let index = 0; index < count; index++) {
    const after = endOf(bytes, next, end)
    elements.push(readValue(bytes, next, after, depth + 1))
    next = after
  }
  if (next !== end) throw malformed('a list has bytes behind its values')
  return elements
}

function mapOf(elements: readonly unknown[]): Map<unknown, unknown> {
  if (elements.length % 2 === 1) throw malformed('a map has a key without a value')
  const map = new Map<unknown, unknown>()
  for (let index = 0; index < elements.length; index += 2) map.set(elements[index], elements[index + 1])
  return map
}

function readArray(bytes: Buffer, code: number, at: number, end: number, depth: number): unknown[] {
  const width = code < 0xf0 ? 1 : 4
  if (end - at < 2 * width + 1) throw malformed('an array has no count, or no constructor')
  const count = width === 1 ? bytes[at + 1]! : uint32(bytes, at + 4)
  let next = at + 2 * width
  let descriptor: { readonly value: unknown } | undefined
  if (bytes[next] === 0) {
    const after = endOf(bytes, next + 1, end)
    descriptor = { value: readValue(bytes, next + 1, after, depth + 1) }
    next = after
    if (next >= end) throw malformed('an array has no constructor')
  }
  const element = bytes[next++]!
  if (count > Math.max(end - next, mostEmpty)) throw malformed('an array has fewer bytes than values')
  const elements: unknown[] = []
  for (let index = 0; index < count; index++) {
    const after = endOfData(bytes, element, next, end)
    if (depth >= deepest) throw malformed(`values are nested deeper than ${deepest}`)
    const value = readData(bytes, element, next, after, depth + 1)
    elements.push(descriptor === undefined ? value : { descriptor: descriptor.value, value })
    next = after
  }
  if (next !== end) throw malformed('an array has bytes behind its values')
  return elements
}
