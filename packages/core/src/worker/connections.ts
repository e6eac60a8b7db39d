import { within } from '../hooks/deadline.ts'
import type { Clock } from '../load/clock.ts'
import type { FlowDelta } from '../metrics/delta.ts'
import type { Connection, DriverContext } from '../plugin/driver.ts'
import type { Holder } from './shares.ts'
import type { SocketCount } from './socket-count.ts'

/** How long a driver may take to close a connection; after that it is abandoned. */
const closeLimitMs = 5_000

/** Between attempts to reopen: the first at once, then twice as long each time, up to this. */
const longestPauseMs = 1_000
const shortestPauseMs = 50

/** Tells the host that a connection is dead. */
export type Lost = DriverContext['lost']

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
  readonly connect: (index: number, holder: Holder, lost: Lost) => Promise<Connection>
  readonly holder: () => Holder
  readonly sockets: SocketCount
  readonly warn: (message: string) => void
}

interface OpenLink {
  readonly link: Link
  readonly holder: Holder
  /** Whether it counts as a connection to the target itself. */
  readonly counts: boolean
  readonly openedMs: number
  /** How long opening it was put off. */
  readonly pauseMs: number
}

/** The connections of one flow in one worker: opens them, replaces dead ones, closes them. */
export class Connections {
  /** Called for every connection that is opened while a phase runs. */
  onOpen: ((link: Link) => void) | undefined
  /** Called for every connection that died; false when the phase does not use it, and so it has to be replaced here. */
  onLost: ((link: Link, error: unknown) => boolean) | undefined
  readonly #options: ConnectionsOptions
  readonly #open = new Map<number, OpenLink>()
  readonly #cancels = new Set<() => void>()
  readonly #closing = new Set<Promise<void>>()
  #closed = false
  #refused = 0

  constructor(options: ConnectionsOptions) {
    this.#options = options
  }

  get links(): readonly Link[] {
    return Array.from(this.#open.values(), ({ link }) => link).toSorted((a, b) => a.index - b.index)
  }

  /** Opens all connections; rejects with the first failure. */
  async openAll(): Promise<void> {
    await Promise.all(this.#options.indices.map((index) => this.#connect(index, 0)))
  }

  /** Closes a connection and opens another in its place, retrying until the end of the run. */
  replace(index: number): void {
    const old = this.#open.get(index)
    if (!old) return
    this.#open.delete(index)
    this.#close(old, true)
    // a server that ends every connection at once must not be asked without a pause
    const lastedMs = this.#options.clock.now() - old.openedMs
    this.#retry(index, lastedMs < shortestPauseMs ? longer(old.pauseMs) : 0)
  }

  /** What happened since the last call, for the report. */
  drain(): FlowDelta['connections'] {
    const refused = this.#refused
    this.#refused = 0
    return { ...this.#options.sockets.drain(), refused }
  }

  /** Connections are in use between these two. */
  during(fromMs: number, untilMs: number): void {
    this.#options.sockets.during(fromMs, untilMs)
  }

  async closeAll(): Promise<void> {
    this.#closed = true
    for (const cancel of this.#cancels) cancel()
    for (const open of this.#open.values()) this.#close(open, false)
    this.#open.clear()
    await Promise.all(this.#closing)
  }

  async #connect(index: number, pauseMs: number): Promise<void> {
    const { clock, connect, sockets } = this.#options
    const holder = this.#options.holder()
    let open: OpenLink | undefined
    let isLost = false
    let connection: Connection
    try {
      connection = await connect(index, holder, (error) => {
        isLost = true
        if (open) this.#lose(open, error)
      })
    } catch (error) {
      this.#refused++
      await holder.release().catch(() => {})
      throw error
    }
    const counts = !connection.reportsSockets && !holder.sharesConnection
    if (counts) sockets.opened()
    open = { link: { index, connection }, holder, counts, openedMs: clock.now(), pauseMs }
    if (this.#closed) {
      this.#close(open, true)
      return
    }
    this.#open.set(index, open)
    // it may have died while the driver was still at work on it
    if (isLost) this.replace(index)
    else this.onOpen?.(open.link)
  }

  #lose(open: OpenLink, error: unknown): void {
    const { link } = open
    if (this.#closed || this.#open.get(link.index) !== open) return
    if (!this.onLost?.(link, error)) this.replace(link.index)
  }

  #retry(index: number, pauseMs: number): void {
    if (this.#closed) return
    const { clock } = this.#options
    const cancel = clock.at(clock.now() + pauseMs, () => {
      this.#cancels.delete(cancel)
      this.#connect(index, pauseMs).catch(() => this.#retry(index, longer(pauseMs)))
    })
    this.#cancels.add(cancel)
  }

  #close({ link: { connection, index }, holder, counts }: OpenLink, isDead: boolean): void {
    if (counts) this.#options.sockets.closed()
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
}

function longer(pauseMs: number): number {
  return Math.min(longestPauseMs, Math.max(shortestPauseMs, pauseMs * 2))
}
