import type { Awaitable, Shareable } from '@cloudbench/core'

interface Share {
  readonly value: Promise<Shareable>
  users: number
}

/** What one connection, or one task, holds of the resources that are used together. */
export interface Holder {
  share<T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T>
  /** Lets go of everything; what nobody else holds is closed. */
  release(): Promise<void>
}

/** Makes holders of one set of shared resources, with the promises that a worker makes about `context.share`. */
export function createShares(): () => Holder {
  const shares = new Map<string, Share>()
  const leave = async (key: string, share: Share): Promise<void> => {
    if (--share.users > 0) return
    if (shares.get(key) === share) shares.delete(key)
    await (await share.value).close()
  }
  return () => {
    const held = new Map<Share, string>()
    const holder: Holder = {
      async share<T extends Shareable>(key: string, create: () => Awaitable<T>): Promise<T> {
        const known = shares.get(key)
        const share = known ?? { value: Promise.resolve().then(create), users: 0 }
        shares.set(key, share)
        if (!held.has(share)) {
          // counted before the wait, or it might be closed meanwhile
          share.users++
          held.set(share, key)
        }
        try {
          const value = await share.value
          if (!value.broken || share !== known) return value as T
        } catch (error) {
          held.delete(share)
          if (shares.get(key) === share) shares.delete(key)
          throw error
        }
        // broken: left to those who still hold it
        if (shares.get(key) === share) shares.delete(key)
        held.delete(share)
        await leave(key, share)
        return holder.share(key, create)
      },
      async release() {
        const all = [...held]
        held.clear()
        await Promise.all(all.map(([share, key]) => leave(key, share)))
      },
    }
    return holder
  }
}
