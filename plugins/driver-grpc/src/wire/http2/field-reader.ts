import { errorCode, ProtocolFault } from './fault.ts'
import { decodeHuffman } from './huffman.ts'
import { staticTable } from './static-table.ts'

/** What each field costs on top of its text, by RFC 9113. */
const overheadBytes = 32

/** Larger numbers are of no use in a header block. */
const largestInteger = 2 ** 28

/**
 * Reads header blocks of a server that was told to keep no dynamic table: each block stands for itself, and a reference
 * to what came before is a fault.
 */
export class FieldReader {
  readonly #limitBytes: number
  #bytes: Buffer = Buffer.alloc(0)
  #at = 0
  #to = 0
  #text = Buffer.allocUnsafe(256)

  /** @param limitBytes Of all names and values together, as RFC 9113 counts them. */
  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes
  }

  /** @throws ProtocolFault for what is no header block; larger ones than allowed end the call only. */
  read(bytes: Buffer, from: number, to: number, take: (name: string, value: string) => void): void {
    this.#bytes = bytes
    this.#at = from
    this.#to = to
    let leftBytes = this.#limitBytes
    let isFirst = true
    while (this.#at < to) {
      const byte = bytes[this.#at]!
      if ((byte & 0xe0) === 0x20) {
        if (!isFirst) throw broken('a change of the table size inside a header block')
        if (this.#integer(5) !== 0) throw broken('a dynamic table, which it was told not to keep')
        continue
      }
      isFirst = false
      let name: string
      let value: string
      if (byte >= 0x80) ({ name, value } = this.#indexed(this.#integer(7)))
      else {
        const index = this.#integer((byte & 0x40) !== 0 ? 6 : 4)
        name = index === 0 ? this.#string() : this.#indexed(index).name
        value = this.#string()
      }
      leftBytes -= name.length + value.length + overheadBytes
      if (leftBytes < 0)
        throw new ProtocolFault(
          `headers larger than ${this.#limitBytes} bytes`,
          errorCode.enhanceYourCalm,
          true,
        )
      take(name, value)
    }
  }

  #indexed(index: number): { readonly name: string; readonly value: string } {
    if (index === 0 || index >= staticTable.length)
      throw broken(`a reference to entry ${index} of a table that has ${staticTable.length - 1}`)
    return staticTable[index]!
  }

  #integer(prefixBits: number): number {
    const mask = 2 ** prefixBits - 1
    let value = this.#byte() & mask
    if (value < mask) return value
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#byte()
      value += (byte & 0x7f) * scale
      if (value > largestInteger || scale > largestInteger) throw broken('a number that is too large')
      if (byte < 0x80) return value
    }
  }

  #string(): string {
    if (this.#at >= this.#to) throw ended()
    const isHuffman = this.#bytes[this.#at]! >= 0x80
    const length = this.#integer(7)
    const from = this.#at
    const to = from + length
    if (to > this.#to) throw ended()
    this.#at = to
    if (!isHuffman) return this.#bytes.toString('latin1', from, to)
    if (this.#text.length < length * 2) this.#text = Buffer.allocUnsafe(length * 2)
    const decoded = decodeHuffman(this.#bytes, from, to, this.#text)
    if (decoded < 0) throw broken('a text that is not encoded as it should be')
    return this.#text.toString('latin1', 0, decoded)
  }

  #byte(): number {
    if (this.#at >= this.#to) throw ended()
    return this.#bytes[this.#at++]!
  }
}

function broken(what: string): ProtocolFault {
  return new ProtocolFault(`a header block with ${what}`, errorCode.compression)
}

function ended(): ProtocolFault {
  return broken('an end inside a field')
}
