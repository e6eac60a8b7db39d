import type { Shareable, TaskContext } from '@cloudbench/core'
import type { RedisOptions } from '../options.ts'

const indexDigits = 10
const writerDigits = 5
const sequenceDigits = 16
/** Such as `0000000042.00001.1795000000000000.`, 34 bytes. */
const headerBytes = indexDigits + writerDigits + sequenceDigits + 3
const writerEnd = indexDigits + 1 + writerDigits
const pattern = 'cloudbench-value.'
/** With more keys than this, the text of a key is built for each request. */
const cachedKeys = 65_536

/** What a stored value says about itself. */
export interface ValueInfo {
  readonly index: number
  /** 0 for the preload, otherwise the connection, counted from 1. */
  readonly writer: number
  readonly sequence: number
}

/** The keys and values of a flow, and the RESP commands that read and write them. */
export interface Keyspace extends Shareable {
  keyOf(index: number): string
  valueOf(index: number, writer: number, sequence: number): string
  /** The whole command. ASCII, so that its length in bytes is its length. */
  getCommand(index: number): string
  setCommand(index: number, writer: number, sequence: number): string
  /** Whether a value was written under this key. Compares bytes and builds no string. */
  isValueOf(index: number, value: Buffer): boolean
  /** Undefined when the value is not one of ours. */
  parse(value: Buffer): ValueInfo | undefined
  /** What is wrong with a value under this key. */
  describe(index: number, value: Buffer): string
}

/** The keyspace of a flow in this worker, for all of its connections: it remembers what it has built. */
export async function sharedKeyspace({ options, flow, share }: TaskContext<RedisOptions>): Promise<Keyspace> {
  return await share(`redis keyspace ${flow}`, () => createKeyspace(options))
}

export function createKeyspace({
  prefix,
  keys,
  valueSize,
}: Pick<RedisOptions, 'prefix' | 'keys' | 'valueSize'>): Keyspace {
  const fillerText = pattern.repeat(Math.ceil(valueSize / pattern.length)).slice(0, valueSize - headerBytes)
  const filler = Buffer.from(fillerText)
  const cache: (string | undefined)[] | undefined =
    keys <= cachedKeys ? Array.from({ length: keys }) : undefined
  const keyOf = (index: number): string => prefix + index
  const keyPart = (index: number): string => {
    const key = keyOf(index)
    return `$${key.length}\r\n${key}\r\n`
  }
  const get = (index: number): string => `*2\r\n$3\r\nGET\r\n${keyPart(index)}`
  const valueOf = (index: number, writer: number, sequence: number): string =>
    `${pad(index, indexDigits)}.${pad(writer, writerDigits)}.${pad(sequence, sequenceDigits)}.${fillerText}`
  const isValueOf = (index: number, value: Buffer): boolean => {
    if (value.length !== valueSize) return false
    let rest = index
    for (let at = indexDigits - 1; at >= 0; at--) {
      if (value[at] !== 48 + (rest % 10)) return false
      rest = Math.floor(rest / 10)
    }
    for (let at = indexDigits; at < headerBytes; at++) {
      const isDot = at === indexDigits || at === writerEnd || at === headerBytes - 1
      if (isDot ? value[at] !== 46 : value[at]! < 48 || value[at]! > 57) return false
    }
    return value.compare(filler, 0, filler.length, headerBytes) === 0
  }
  const parse = (value: Buffer): ValueInfo | undefined => {
    const [index, writer, sequence] = value.toString('latin1', 0, headerBytes).split('.').map(Number)
    if (index === undefined || !isValueOf(index, value)) return undefined
    return { index, writer: writer!, sequence: sequence! }
  }
  return {
    keyOf,
    valueOf,
    getCommand: cache ? (index) => (cache[index] ??= get(index)) : get,
    setCommand: (index, writer, sequence) =>
      `*3\r\n$3\r\nSET\r\n${keyPart(index)}$${valueSize}\r\n${valueOf(index, writer, sequence)}\r\n`,
    isValueOf,
    parse,
    describe(index, value) {
      const other = parse(value)
      if (other !== undefined) return `key ${index} has the value of key ${other.index}`
      if (value.length !== valueSize)
        return `key ${index} has a value of ${value.length} bytes, not of ${valueSize}`
      return `key ${index} has a value that was never written to it`
    },
    close() {},
  }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
