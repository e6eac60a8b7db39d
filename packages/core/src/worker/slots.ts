import { uniform } from '../load/random.ts'
import type { Connection, Outcome, Slot } from '../plugin/driver.ts'

/** Where a slot's answers go. */
export interface SlotOwner {
  readonly salt: number
  /** The answer is there, and will be followed by its outcome. */
  answered(slot: RequestSlot): void
  finish(slot: RequestSlot, outcome: Outcome): void
  fail(slot: RequestSlot, error: unknown): void
  unsent(slot: RequestSlot, error: unknown): void
}

/** One place for a request in flight on one connection. Reused for every request that takes it. */
export class RequestSlot implements Slot {
  readonly lane: Lane
  readonly #owner: SlotOwner
  index = 0
  dueMs = 0
  sentMs = 0
  /** When the answer was there whose outcome is still to come; Infinity before that, and where the driver does not say. */
  answeredMs = Infinity
  /** Since when the slot has been waiting for a request. */
  idleMs = 0
  busy = false
  #draws = 0
  readonly #resolved: (outcome: Outcome) => void
  readonly #rejected: (error: unknown) => void

  constructor(lane: Lane, owner: SlotOwner) {
    this.lane = lane
    this.#owner = owner
    this.#resolved = (outcome) => this.done(outcome)
    this.#rejected = (error) => this.fail(error)
  }

  random(): number {
    return uniform(this.#owner.salt, this.index, this.#draws++)
  }

  /** Whether the target is still to answer. */
  get isInFlight(): boolean {
    return this.busy && this.answeredMs === Infinity
  }

  answered(): void {
    this.#owner.answered(this)
  }

  done(outcome: Outcome): void {
    this.#owner.finish(this, outcome)
  }

  fail(error: unknown): void {
    this.#owner.fail(this, error)
  }

  unsent(error?: unknown): void {
    this.#owner.unsent(this, error)
  }

  /** Hands the request to the driver. A driver that throws has failed the request. */
  send(index: number): void {
    this.index = index
    this.#draws = 0
    this.answeredMs = Infinity
    this.busy = true
    const { connection } = this.lane
    try {
      if (connection.issue) connection.issue(this)
      else connection.request!(this).then(this.#resolved, this.#rejected)
    } catch (error) {
      this.fail(error)
    }
  }
}

/** An open connection with its slots. */
export class Lane {
  readonly index: number
  readonly connection: Connection
  readonly slots: readonly RequestSlot[]
  /** No longer in use: answers that still come are ignored. */
  retired = false

  constructor(index: number, connection: Connection, owner: SlotOwner) {
    this.index = index
    this.connection = connection
    this.slots = Array.from({ length: connection.streams ?? 1 }, () => new RequestSlot(this, owner))
  }
}

/** Slots that wait for a request, the longest waiting first, so that every connection is used. */
export class IdleSlots {
  #ring: (RequestSlot | undefined)[] = Array.from({ length: 64 })
  #head = 0
  #size = 0

  get size(): number {
    return this.#size
  }

  push(slot: RequestSlot): void {
    if (this.#size === this.#ring.length) this.#grow()
    this.#ring[(this.#head + this.#size++) & (this.#ring.length - 1)] = slot
  }

  /** Only when `size` is not 0. */
  shift(): RequestSlot {
    const slot = this.#ring[this.#head]!
    this.#ring[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#ring.length - 1)
    this.#size--
    return slot
  }

  /** Only when `size` is not 0. */
  get first(): RequestSlot {
    return this.#ring[this.#head]!
  }

  /** Removes the slots of retired lanes. Rare: a connection has died. */
  removeRetired(): void {
    for (let left = this.#size; left > 0; left--) {
      const slot = this.shift()
      if (!slot.lane.retired) this.push(slot)
    }
  }

  #grow(): void {
    const slots = Array.from({ length: this.#size }, () => this.shift())
    this.#ring = Array.from({ length: this.#ring.length * 2 })
    this.#head = 0
    for (const slot of slots) this.push(slot)
  }
}
