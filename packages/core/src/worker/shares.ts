import type { Awaitable } from '../plugin/common.ts'
import type { Shareable, Sockets } from '../plugin/driver.ts'

interface Share {
  readonly key: string
  readonly value: Promise<Shareable>
  /** Where it is counted, if it is a connection. */
  readonly sockets: Sockets | undefined
  users: number
}

/** What one connection, or one task, holds of the shared resources of a worker. */
export interface Holder {
  share<T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T>
  /** Releases everything. */
  release(): Promise<void>
  /** It holds a connection that others use as well, and that is counted on its own. */
  readonly sharesConnection: boolean
}

/** The resources that connections of several flows use together, by target and key. */
export class Shares {
  readonly #shares = new Map<string, Share>()
  #isClosed = false

  /** @param sockets Counts the connections that are created for this holder to share. */
  holder(target: string, sockets?: Sockets): Holder {
    const held: Share[] = []
    let sharesConnection = false
    return {
      share: async <T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T> => {
        const fullKey = `${target}\n${key}`
        for (let known = this.#shares.get(fullKey); known; known = this.#shares.get(fullKey)) {
          const value = await this.#join(known, held)
          if (value) {
            sharesConnection ||= value.isConnection === true
            return value as T
          }
        }
        // nothing is awaited between that look and this, so the next caller finds it
        const made: Share = { key: fullKey, value: Promise.resolve().then(create), sockets, users: 1 }
        this.#shares.set(fullKey, made)
        held.push(made)
        try {
          const value = (await made.value) as T
          if (value.isConnection) {
            sharesConnection = true
            sockets?.opened()
          }
          return value
        } catch (error) {
          this.#forget(made)
          held.splice(held.indexOf(made), 1)
          throw error
        }
      },
      release: async () => {
        await Promise.all(held.splice(0).map((share) => this.#leave(share)))
      },
      get sharesConnection() {
        return sharesConnection
      },
    }
  }

  /** Holds a resource; undefined when it is broken, and so left to its current holders. */
  async #join(share: Share, held: Share[]): Promise<Shareable | undefined> {
    // counted before the wait, or it might be closed in the meantime
    share.users++
    let value: Shareable
    try {
      value = await share.value
    } catch (error) {
      share.users--
      throw error
    }
    if (!value.broken && !held.includes(share)) {
      held.push(share)
      return value
    }
    if (value.broken) this.#forget(share)
    await this.#leave(share)
    return value.broken ? undefined : value
  }

  /** Closes what is still there. Connections come and go, and may all be gone at once: what they share stays until then. */
  async close(): Promise<void> {
    this.#isClosed = true
    const idle = [...this.#shares.values()].filter(({ users }) => users === 0)
    await Promise.all(idle.map((share) => this.#close(share)))
  }

  async #leave(share: Share): Promise<void> {
    if (--share.users > 0) return
    const isNeeded = !this.#isClosed && !(await share.value).broken
    // another user may have joined in the meantime
    if (!isNeeded && share.users === 0) await this.#close(share)
  }

  async #close(share: Share): Promise<void> {
    this.#forget(share)
    const value = await share.value
    if (value.isConnection) share.sockets?.closed()
    await value.close()
  }

  #forget(share: Share): void {
    if (this.#shares.get(share.key) === share) this.#shares.delete(share.key)
  }
}
