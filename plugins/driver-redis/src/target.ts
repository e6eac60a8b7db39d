import { CloudbenchError, type TaskContext } from '@cloudbench/core'
import type { RedisOptions } from './options.ts'

/** A Redis server, as named by the target's URL. */
export interface RedisTarget {
  readonly host: string
  readonly port: number
  /** Of a Unix socket, instead of host and port. */
  readonly path: string | undefined
  readonly isTls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly db: number
  /** For messages: without credentials. */
  readonly shown: string
}

const schemes = new Set(['redis:', 'rediss:'])
const socketSchemes = new Set(['unix:', 'redis+unix:'])

/**
 * Reads `redis://user:password@host:port/db`, or `rediss://` for TLS, or `unix:/path/redis.sock?db=1`.
 * @throws CloudbenchError for anything else. The URL may hold a password, so it is not shown.
 */
export function parseTarget(url: string): RedisTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed === undefined || parsed.hash !== '') throw notRedis()
  const isSocket = socketSchemes.has(parsed.protocol)
  const digits = /^\/?(\d*)$/.exec(parsed.pathname)?.[1]
  const isServer = schemes.has(parsed.protocol) && parsed.hostname !== '' && digits !== undefined
  const isPath = isSocket && /^(localhost)?$/.test(parsed.hostname) && /^\/./.test(parsed.pathname)
  if (!isServer && !isPath) throw notRedis()
  const host = parsed.hostname.replaceAll(/^\[|\]$/g, '')
  const port = Number(parsed.port || 6379)
  const path = isPath ? decoded(parsed.pathname) : undefined
  return {
    host,
    port,
    path,
    isTls: parsed.protocol === 'rediss:',
    username: parsed.username === '' ? undefined : decoded(parsed.username),
    password: parsed.password === '' ? undefined : decoded(parsed.password),
    db: databaseOf(parsed.searchParams, isPath ? '' : (digits ?? '')),
    shown: path ?? `${parsed.hostname}:${port}`,
  }
}

/** @throws CloudbenchError for a target that the options do not fit. */
export function targetOf({
  options,
  target: url,
}: Pick<TaskContext<RedisOptions>, 'options' | 'target'>): RedisTarget {
  const target = parseTarget(url)
  if (options.cluster && target.db !== 0)
    throw new CloudbenchError({
      code: 'CB_TARGET',
      what: `a Redis Cluster has no database ${target.db}, only 0`,
      expected: 'a url without the number of a database, or cluster: false',
      next: "remove the path from the target's url",
    })
  if (target.path !== undefined && (options.cluster || options.tls !== undefined))
    throw new CloudbenchError({
      code: 'CB_TARGET',
      what: 'a Unix socket is used with neither TLS nor a cluster',
      expected: 'a host and port for the options tls and cluster',
      next: "remove these options, or let the target's url begin with redis:// or rediss://",
    })
  return target
}

function databaseOf(parameters: URLSearchParams, ofPath: string): number {
  for (const name of parameters.keys())
    if (name !== 'db')
      throw notRedis(
        `the target's url has the parameter ${JSON.stringify(name)}, which the driver does not know`,
      )
  const given = [...parameters.getAll('db'), ...(ofPath === '' ? [] : [ofPath])]
  if (given.some((digits) => !/^\d{1,9}$/.test(digits)))
    throw notRedis("the target's url names a database that is not a number")
  const numbers = new Set(given.map(Number))
  if (numbers.size > 1) throw notRedis("the target's url names two databases")
  return [...numbers][0] ?? 0
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw notRedis("the target's url has a % that is not followed by two hexadecimal digits")
  }
}

function notRedis(what = "the target's url is not the URL of a Redis server"): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what,
    expected:
      'redis://host:port, redis://:password@host:port/db (or ?db=1), rediss://… for TLS, or unix:/path/redis.sock?db=1',
    next: '--set targets.<name>.url=redis://127.0.0.1:6379, and write % in a password as %25',
  })
}
