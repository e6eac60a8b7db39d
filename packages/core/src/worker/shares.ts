import type { Shareable } from '../plugin/driver.ts'
import type { Awaitable } from '../plugin/common.ts'

interface Share {
  readonly key: string
  readonly value: Promise<Shareable>
  users: number
}

/** What one connection, or one task, holds of the shared resources of a worker. */
export interface Holder {
  share<T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T>
  /** Lets go of everything; what nobody else holds is closed. */
  release(): Promise<void>
  /** How many resources were created for this holder; undefined when it never shared. */
  readonly created: number | undefined
}

/** The resources that connections of several flows use together, by target and key. */
export class Shares {
  readonly #shares = new Map<string, Share>()

  holder(target: string): Holder {
    const held: Share[] = []
    let created: number | undefined
    return {
      share: async <T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T> => {
        created ??= 0
        const fullKey = `${target}\n${key}`
        const share = await this.#usable(fullKey)
        if (share) {
          if (!held.includes(share)) {
            held.push(share)
            share.users++
          }
          return share.value as Promise<T>
        }
        created++
        const made: Share = { key: fullKey, value: Promise.resolve().then(create), users: 1 }
        this.#shares.set(fullKey, made)
        held.push(made)
        try {
          return (await made.value) as T
        } catch (error) {
          this.#forget(made)
          held.splice(held.indexOf(made), 1)
          throw error
        }
      },
      release: async () => {
        const last = held.splice(0).filter((share) => --share.users === 0)
        await Promise.all(
          last.map(async (share) => {
            this.#forget(share)
            await (await share.value).close()
          }),
        )
      },
      get created() {
        return created
      },
    }
  }

  /** The share of that key, unless it is broken: then it is left to those who still hold it. */
  async #usable(key: string): Promise<Share | undefined> {
    const share = this.#shares.get(key)
    if (!share) return undefined
    const value = await share.value
    if (!value.broken) return share
    this.#forget(share)
    return this.#shares.has(key) ? this.#usable(key) : undefined
  }

  #forget(share: Share): void {
    if (this.#shares.get(share.key) === share) this.#shares.delete(share.key)
  }
}
