import { digitsOf, putDigits } from '../payload/digits.ts'
import type { Keyspace } from '../payload/keyspace.ts'

/** Where commands are laid out: a light socket. */
interface Output {
  readonly out: Buffer
  reserve(bytes: number): number
}

const carriageReturn = 13
const lineFeed = 10
const mostDigits = 16

/** GET and SET, laid out in RESP where they leave from. What comes before and after the digits is made once. */
export interface Commands {
  get(output: Output, index: number): void
  set(output: Output, index: number, writer: number, sequence: number): void
}

export function createCommands(prefix: string, valueSize: number, { putValue }: Keyspace): Commands {
  const headsOf = (start: string): readonly Buffer[] =>
    Array.from({ length: mostDigits + 1 }, (_, digits) =>
      Buffer.from(`${start}$${prefix.length + digits}\r\n${prefix}`),
    )
  const getHeads = headsOf('*2\r\n$3\r\nGET\r\n')
  const setHeads = headsOf('*3\r\n$3\r\nSET\r\n')
  const valueHead = Buffer.from(`\r\n$${valueSize}\r\n`)
  return {
    get(output, index) {
      const digits = digitsOf(index)
      const head = getHeads[digits]!
      let at = output.reserve(head.length + digits + 2)
      const { out } = output
      out.set(head, at)
      at += head.length
      putDigits(out, at, digits, index)
      endLine(out, at + digits)
    },
    set(output, index, writer, sequence) {
      const digits = digitsOf(index)
      const head = setHeads[digits]!
      let at = output.reserve(head.length + digits + valueHead.length + valueSize + 2)
      const { out } = output
      out.set(head, at)
      at += head.length
      putDigits(out, at, digits, index)
      at += digits
      out.set(valueHead, at)
      at += valueHead.length
      putValue(out, at, index, writer, sequence)
      endLine(out, at + valueSize)
    },
  }
}

/** Any command, such as those that open a connection. */
export function commandOf(...words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`)
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`)
}

function endLine(out: Buffer, at: number): void {
  out[at] = carriageReturn
  out[at + 1] = lineFeed
}
