import { CloudbenchError } from '@cloudbench/core'

/** A Redis server, as named by the target's URL. */
export interface RedisTarget {
  readonly host: string
  readonly port: number
  readonly isTls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** For messages: without credentials. */
  readonly shown: string
}

/**
 * Reads `redis://user:password@host:port/db`, or `rediss://` for TLS.
 * @throws CloudbenchError for anything else. The URL may hold a password, so it is not shown.
 */
export function parseTarget(url: string): RedisTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isTls = parsed?.protocol === 'rediss:'
  const path = /^\/?(\d*)$/.exec(parsed?.pathname ?? '')
  if (!parsed || !(isTls || parsed.protocol === 'redis:') || !parsed.hostname || !path || parsed.search)
    throw new CloudbenchError({
      code: 'CB_TARGET',
      what: "the target's url is not the URL of a Redis server",
      expected: 'redis://host:port, redis://:password@host:port/db, or rediss://… for TLS',
      next: '--set targets.<name>.url=redis://127.0.0.1:6379',
    })
  const host = parsed.hostname.replaceAll(/^\[|\]$/g, '')
  const port = Number(parsed.port || 6379)
  const db = Number(path[1] || 0)
  return {
    host,
    port,
    isTls,
    username: parsed.username === '' ? undefined : decodeURIComponent(parsed.username),
    password: parsed.password === '' ? undefined : decodeURIComponent(parsed.password),
    db,
    shown: `${parsed.hostname}:${port}`,
  }
}
