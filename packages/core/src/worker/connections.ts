import { within } from '../hooks/deadline.ts'
import type { Clock } from '../load/clock.ts'
import type { FlowDelta } from '../metrics/delta.ts'
import type { Connection } from '../plugin/driver.ts'
import type { Holder } from './shares.ts'

/** How long a driver may take to close a connection; after that it is abandoned. */
const closeLimitMs = 5_000

/** Between attempts to reopen: the first at once, then twice as long each time, up to this. */
const longestPauseMs = 1_000
const shortestPauseMs = 50

/** An open connection, as a phase uses it. */
export interface Link {
  /** Over all workers. */
  readonly index: number
  readonly connection: Connection
}

export interface ConnectionsOptions {
  readonly clock: Clock
  /** The indices that this worker opens. */
  readonly indices: readonly number[]
  readonly connect: (index: number, holder: Holder) => Promise<Connection>
  readonly holder: () => Holder
  readonly warn: (message: string) => void
}

/** The connections of one flow in one worker: opens them, replaces dead ones, closes them. */
export class Connections {
  /** Called for every connection that is opened while a phase runs. */
  onOpen: ((link: Link) => void) | undefined
  readonly #options: ConnectionsOptions
  readonly #open = new Map<number, { readonly link: Link; readonly holder: Holder }>()
  readonly #cancels = new Set<() => void>()
  readonly #closing = new Set<Promise<void>>()
  #closed = false
  #opened = 0
  #refused = 0
  #openMs = 0
  #changedMs: number

  constructor(options: ConnectionsOptions) {
    this.#options = options
    this.#changedMs = options.clock.now()
  }

  get links(): readonly Link[] {
    return Array.from(this.#open.values(), ({ link }) => link).toSorted((a, b) => a.index - b.index)
  }

  /** Opens all connections; rejects with the first failure. */
  async openAll(): Promise<void> {
    await Promise.all(this.#options.indices.map((index) => this.#connect(index)))
  }

  /** Closes a connection and opens another in its place, retrying until the end of the run. */
  replace(index: number): void {
    const old = this.#open.get(index)
    if (!old) return
    this.#integrate()
    this.#open.delete(index)
    this.#close(old.link, old.holder, true)
    this.#retry(index, 0)
  }

  /** What happened since the last call, for the report. */
  drain(): FlowDelta['connections'] {
    this.#integrate()
    const drained = { opened: this.#opened, refused: this.#refused, openMs: this.#openMs }
    this.#opened = this.#refused = this.#openMs = 0
    return drained
  }

  /** The time until now belongs to no phase: connections that were opened before the load are not yet in use. */
  begin(): void {
    this.#integrate()
    this.#openMs = 0
  }

  async closeAll(): Promise<void> {
    this.#closed = true
    for (const cancel of this.#cancels) cancel()
    for (const { link, holder } of this.#open.values()) this.#close(link, holder, false)
    this.#open.clear()
    await Promise.all(this.#closing)
  }

  async #connect(index: number): Promise<void> {
    const holder = this.#options.holder()
    let connection: Connection
    try {
      connection = await this.#options.connect(index, holder)
    } catch (error) {
      this.#refused++
      await holder.release().catch(() => {})
      throw error
    }
    const link = { index, connection }
    if (this.#closed) {
      this.#close(link, holder, true)
      return
    }
    this.#integrate()
    this.#opened += holder.created ?? 1
    this.#open.set(index, { link, holder })
    this.onOpen?.(link)
  }

  #retry(index: number, pauseMs: number): void {
    if (this.#closed) return
    const { clock } = this.#options
    const cancel = clock.at(clock.now() + pauseMs, () => {
      this.#cancels.delete(cancel)
      this.#connect(index).catch(() => {
        this.#retry(index, Math.min(longestPauseMs, Math.max(shortestPauseMs, pauseMs * 2)))
      })
    })
    this.#cancels.add(cancel)
  }

  #close({ connection, index }: Link, holder: Holder, isDead: boolean): void {
    const closing = within(closeLimitMs, async () => {
      try {
        await connection.close()
      } finally {
        await holder.release()
      }
    })
      // a connection that is already dead may fail to close; a healthy one may not
      .catch((error: unknown) => {
        if (!isDead) this.#options.warn(`connection ${index} did not close: ${String(error)}`)
      })
      .finally(() => this.#closing.delete(closing))
    this.#closing.add(closing)
  }

  #integrate(): void {
    const nowMs = this.#options.clock.now()
    this.#openMs += this.#open.size * (nowMs - this.#changedMs)
    this.#changedMs = nowMs
  }
}
