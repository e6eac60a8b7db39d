import { codeOf } from './codes.ts'
import { malformed } from './malformed.ts'
import { endOf, readValue, uint32 } from './values.ts'

/**
 * Reads a described list field by field where it lies, without an object for it. One reader serves all frames of a
 * connection. Fields that a peer leaves out are absent, and so are those that are null.
 */
export class Fields {
  /** Where the next field begins, or the list has ended. */
  at = 0
  #bytes: Buffer = Buffer.alloc(0)
  #end = 0
  #left = 0

  /**
   * Enters the described list that begins at `at`.
   * @returns the number of its descriptor; -1 for an unknown one.
   */
  enter(bytes: Buffer, at: number, end: number): number {
    this.#bytes = bytes
    let next = at
    let code: number
    if (next + 3 <= end && bytes[next] === 0 && bytes[next + 1] === 0x53) {
      code = bytes[next + 2]!
      next += 3
    } else {
      if (bytes[next] !== 0) throw malformed('a value without a descriptor')
      const middle = endOf(bytes, next + 1, end)
      code = codeOf(readValue(bytes, next + 1, middle))
      next = middle
    }
    this.#enterList(next, endOf(bytes, next, end))
    return code
  }

  #enterList(at: number, end: number): void {
    const bytes = this.#bytes
    const kind = bytes[at]
    this.#end = end
    if (kind === 0x45) {
      this.at = end
      this.#left = 0
    } else if (kind === 0xc0 && end - at >= 3) {
      this.at = at + 3
      this.#left = bytes[at + 2]!
    } else if (kind === 0xd0 && end - at >= 9) {
      this.at = at + 9
      this.#left = uint32(bytes, at + 5)
    } else throw malformed('a descriptor is not followed by a list')
    if (this.#left > this.#end - this.at) throw malformed('a list has fewer bytes than values')
  }

  /** Where the list ends. */
  get end(): number {
    return this.#end
  }

  skip(): void {
    if (this.#left > 0) this.#next()
  }

  /** A number without a sign, of any width up to 32 bits. @param absent What a missing one stands for. */
  uint(absent: number): number {
    if (this.#left === 0) return absent
    const bytes = this.#bytes
    const at = this.#next()
    switch (bytes[at]) {
      case 0x40:
        return absent
      case 0x43:
      case 0x44:
        return 0
      case 0x50:
      case 0x52:
      case 0x53:
        return bytes[at + 1]!
      case 0x60:
        return bytes.readUInt16BE(at + 1)
      case 0x70:
        return uint32(bytes, at + 1)
      default:
        throw malformed('a field is not a number')
    }
  }

  boolean(absent: boolean): boolean {
    if (this.#left === 0) return absent
    const bytes = this.#bytes
    const at = this.#next()
    switch (bytes[at]) {
      case 0x40:
        return absent
      case 0x41:
        return true
      case 0x42:
        return false
      case 0x56:
        if (bytes[at + 1]! > 1) throw malformed('a boolean is neither 0 nor 1')
        return bytes[at + 1] === 1
      default:
        throw malformed('a field is not a boolean')
    }
  }

  /** Any value, decoded; undefined when absent. */
  value(): unknown {
    if (this.#left === 0) return undefined
    const at = this.#next()
    return readValue(this.#bytes, at, this.at) ?? undefined
  }

  text(): string | undefined {
    const value = this.value()
    if (value !== undefined && typeof value !== 'string') throw malformed('a field is not a text')
    return value
  }

  /** Moves past a value that is there. Returns where it begins. */
  #next(): number {
    const at = this.at
    this.#left--
    this.at = endOf(this.#bytes, at, this.#end)
    return at
  }
}
