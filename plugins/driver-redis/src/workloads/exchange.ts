import type { Slot } from '@cloudbench/core'
import type { Readings } from '@cloudbench/driver-kit'
import { Command } from 'ioredis'
import type { Ledger } from '../audit/ledger.ts'
import { replyIn } from '../error-replies.ts'
import type { Outcomes } from '../outcomes.ts'
import type { Keyspace } from '../payload/keyspace.ts'

/** What all exchanges of a connection share. */
export interface ExchangeOwner {
  readonly outcomes: Outcomes
  readonly keyspace: Keyspace
  readonly ledger: Ledger
  /** Who wrote a value: connections count from 1, 0 is the preload. */
  readonly writer: number
  /** Undefined when values are not verified. */
  readonly readings: Readings | undefined
  answered(exchange: Exchange, bytesReceived: number): void
  /** The error, with a code, for requests on a lost connection. */
  failure(error: Error): Error
}

/**
 * One request and its reply: an ioredis command that is created once and reused for request after request. It has no
 * promise: ioredis calls `resolve` or `reject`, and takes the bytes to send from `toWritable`.
 */
export class Exchange extends Command {
  readonly #owner: ExchangeOwner
  #wire = ''
  #slot: Slot | undefined
  isRead = true
  index = 0
  sequence = 0

  constructor(owner: ExchangeOwner) {
    super('get')
    this.#owner = owner
    this.isTraced = true
    // replaces the functions that settle the base class's promise, which is never used
    this.resolve = (reply: Buffer | null) => this.#answered(reply)
    this.reject = (error: Error) => this.#refused(error)
  }

  override toWritable(): string {
    return this.#wire
  }

  prepareRead(slot: Slot, index: number): void {
    this.#slot = slot
    this.isRead = true
    this.index = index
    this.#wire = this.#owner.keyspace.getCommand(index)
  }

  prepareWrite(slot: Slot, index: number, sequence: number): void {
    this.#slot = slot
    this.isRead = false
    this.index = index
    this.sequence = sequence
    this.#wire = this.#owner.keyspace.setCommand(index, this.#owner.writer, sequence)
  }

  #answered(reply: Buffer | null): void {
    const { outcomes, ledger, writer } = this.#owner
    const slot = this.#slot!
    this.#slot = undefined
    let outcome = outcomes.stored
    let bytes = 0
    if (this.isRead) {
      bytes = reply?.length ?? 0
      if (reply === null) outcome = outcomes.miss
      else outcome = this.#isRight(reply) ? outcomes.hit : outcomes.wrongValue
    } else ledger.acknowledged(this.index, writer, this.sequence)
    this.#owner.answered(this, bytes)
    slot.done(outcome)
  }

  #isRight(value: Buffer): boolean {
    const { keyspace, readings } = this.#owner
    if (readings === undefined) return true
    const isRight = keyspace.isValueOf(this.index, value)
    if (isRight) readings.right()
    else readings.wrong(() => keyspace.describe(this.index, value))
    return isRight
  }

  #refused(error: Error): void {
    const slot = this.#slot
    if (slot === undefined) return
    this.#slot = undefined
    const { outcomes, ledger } = this.#owner
    // an error reply is an answer; any other error means that none will come
    const reply = replyIn(error)
    if (reply !== undefined) {
      const outcome = outcomes.refused(this.isRead ? 'get' : 'set', reply)
      this.#owner.answered(this, 0)
      slot.done(outcome)
      return
    }
    if (!this.isRead) ledger.lost(this.index)
    slot.fail(this.#owner.failure(error))
  }
}
