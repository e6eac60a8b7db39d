import type { ByteCount, Outcome } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import type { Ledger } from '../audit/ledger.ts'
import type { Outcomes } from '../outcomes.ts'
import type { Keyspace } from '../payload/keyspace.ts'

interface JudgeOptions {
  readonly outcomes: Outcomes
  readonly keyspace: Keyspace
  readonly ledger: Ledger
  /** Who wrote a value: connections count from 1, 0 is the preload. */
  readonly writer: number
  /** Undefined when values are not verified. */
  readonly readings: Readings | undefined
  readonly bytes: ByteCount
}

/** What the replies of a connection mean: their outcome, and what the audit has to know. */
export class Judge {
  readonly writer: number
  readonly #outcomes: Outcomes
  readonly #keyspace: Keyspace
  readonly #ledger: Ledger
  readonly #readings: Readings | undefined
  readonly #bytes: ByteCount

  constructor({ outcomes, keyspace, ledger, writer, readings, bytes }: JudgeOptions) {
    this.writer = writer
    this.#outcomes = outcomes
    this.#keyspace = keyspace
    this.#ledger = ledger
    this.#readings = readings
    this.#bytes = bytes
  }

  /** A value was read: `length` bytes from `at`. Of one with a wrong size, the bytes are not looked at. */
  value(index: number, bytes: Buffer, at: number, length: number): Outcome {
    this.#bytes.received += length
    const readings = this.#readings
    if (readings === undefined) return this.#outcomes.hit
    if (!this.#keyspace.isValueOf(index, bytes, at, length)) return this.#wrong(index, bytes, at, length)
    readings.right()
    return this.#outcomes.hit
  }

  /** The same of a value that a client library has decoded. */
  text(index: number, text: string): Outcome {
    const bytes = this.#keyspace.bytesOf(text)
    return this.value(index, bytes, 0, bytes.length)
  }

  missing(): Outcome {
    return this.#outcomes.miss
  }

  /** A write was acknowledged. */
  stored(index: number, sequence: number): Outcome {
    this.#ledger.acknowledged(index, this.writer, sequence)
    return this.#outcomes.stored
  }

  /** The server has replied with an error. */
  refused(isRead: boolean, reply: string): Outcome {
    return this.#outcomes.refused(isRead ? 'get' : 'set', reply)
  }

  /** A write will never be answered. */
  lost(index: number): void {
    this.#ledger.lost(index)
  }

  #wrong(index: number, bytes: Buffer, at: number, length: number): Outcome {
    this.#readings!.wrong(() => this.#keyspace.describe(index, bytes, at, length))
    return this.#outcomes.wrongValue
  }
}
