import { setTimeout as sleep } from 'node:timers/promises'
import { CloudbenchError } from '@cloudbench/core'
import type { Verdict } from './verdict.ts'

export interface OutboxOptions<Item> {
  /** Such as `spans`. */
  readonly what: string
  /** Where to, for messages. */
  readonly where: string
  /** How many go into one export, and how many may wait. */
  readonly batch: number
  readonly capacity: number
  send(items: readonly Item[]): Promise<Verdict>
  /** What a receiver says although it took everything. */
  warn(text: string): void
  /** Takes secrets out of what a receiver answered. */
  redact(text: string): string
}

/** Sends items in their order. Those that a receiver could not take at the time wait; those that it rejects are lost, and counted. */
export class Outbox<Item> {
  readonly #options: OutboxOptions<Item>
  #waiting: Item[] = []
  #sending: Promise<void> | undefined
  #added = 0
  #delivered = 0
  #lost = 0
  /** How many of the lost an error has told of. */
  #told = 0
  #why = 'no answer in time'

  constructor(options: OutboxOptions<Item>) {
    this.#options = options
  }

  add(items: readonly Item[]): void {
    const { capacity } = this.#options
    this.#added += items.length
    this.#waiting = [...this.#waiting, ...items]
    // the oldest have been tried most often
    this.#lost += this.#waiting.splice(0, Math.max(0, this.#waiting.length - capacity)).length
  }

  /** Sends what waits, and waits for that for a while. @throws CloudbenchError the first time that something is lost. */
  async deliver(limitMs: number): Promise<void> {
    await inTime(this.#start(), limitMs)
    if (this.#told === 0) this.#tell()
  }

  /** The last chance: what cannot be sent now is lost. @throws CloudbenchError for what was lost since the last error. */
  async finish(limitMs: number): Promise<void> {
    const untilMs = performance.now() + limitMs
    // what is on its way may fail while it could be sent again
    if (this.#sending) await inTime(this.#sending, limitMs)
    await inTime(this.#start(), Math.max(0, untilMs - performance.now()))
    this.#lost = this.#added - this.#delivered
    this.#waiting = []
    this.#tell()
  }

  #start(): Promise<void> {
    this.#sending ??= this.#send().finally(() => (this.#sending = undefined))
    return this.#sending
  }

  async #send(): Promise<void> {
    const { batch, send, warn } = this.#options
    while (this.#waiting.length > 0) {
      const items = this.#waiting.splice(0, batch)
      const { lost, isLater, why } = await send(items)
      if (why !== undefined && (lost > 0 || isLater)) this.#why = why
      if (isLater) {
        this.#waiting.unshift(...items)
        return
      }
      this.#lost += lost
      this.#delivered += items.length - lost
      if (why !== undefined && lost === 0) warn(why)
    }
  }

  #tell(): void {
    if (this.#lost === this.#told) return
    const { what, where, redact } = this.#options
    this.#told = this.#lost
    throw new CloudbenchError({
      code: 'CB_OUTPUT',
      what: `${this.#lost} of ${this.#added} ${what} so far are lost: ${where}: ${redact(this.#why)}`,
    })
  }
}

/** Whether it was over in time. */
async function inTime(work: Promise<void>, limitMs: number): Promise<boolean> {
  const limit = new AbortController()
  const late = sleep(limitMs, false, { signal: limit.signal }).catch(() => false)
  try {
    return await Promise.race([work.then(() => true), late])
  } finally {
    limit.abort()
  }
}
