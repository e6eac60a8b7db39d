import { CloudbenchError } from '@cloudbench/core'
import { sslModes, type SslMode } from './client/ssl-mode.ts'

/** A PostgreSQL database, as the target's url names it. */
export interface PostgresTarget {
  /** A name, an address, or the folder of a Unix socket. */
  readonly host: string
  readonly port: number
  readonly sslMode: SslMode
  readonly user: string
  readonly password: string | undefined
  readonly database: string
  readonly applicationName: string
  /** Settings of the session, as `-c name=value`. */
  readonly options: string | undefined
  /** Instead of the option connectTimeoutMs. */
  readonly connectTimeoutMs: number | undefined
  /** For messages: without credentials. */
  readonly shown: string
}

const known = new Set(['host', 'port', 'sslmode', 'application_name', 'options', 'connect_timeout'])

/**
 * Reads `postgres://user:password@host:port/database?sslmode=verify-full`, or the same with `postgresql://`. The host may
 * be the folder of a Unix socket, as `?host=/run/postgresql` or `%2Frun%2Fpostgresql`.
 * @throws CloudbenchError for any other url, which is not shown because it may hold a password.
 */
export function parseTarget(url: string): PostgresTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isPostgres = parsed?.protocol === 'postgres:' || parsed?.protocol === 'postgresql:'
  const path = /^\/?([^/]*)$/.exec(parsed?.pathname ?? '')
  if (!parsed || !isPostgres || !path) throw notPostgres()
  const parameters = parametersOf(parsed.searchParams)
  const host = parameters.get('host') ?? decoded(parsed.hostname).replaceAll(/^\[|\]$/g, '')
  if (host === '') throw notPostgres()
  const port = portOf(parameters.get('port') ?? parsed.port)
  const user = decoded(parsed.username) || 'postgres'
  const isSocket = host.startsWith('/')
  return {
    host,
    port,
    // as for every other client, a Unix socket has no TLS
    sslMode: isSocket ? 'disable' : sslModeOf(parameters.get('sslmode')),
    user,
    password: parsed.password === '' ? undefined : decoded(parsed.password),
    database: decoded(path[1] ?? '') || user,
    applicationName: parameters.get('application_name') || 'cloudbench',
    options: parameters.get('options'),
    connectTimeoutMs: timeoutOf(parameters.get('connect_timeout')),
    shown: isSocket ? `${host}/.s.PGSQL.${port}` : `${host.includes(':') ? `[${host}]` : host}:${port}`,
  }
}

function parametersOf(given: URLSearchParams): ReadonlyMap<string, string> {
  for (const name of given.keys()) {
    const what = `the target's url has the parameter ${JSON.stringify(name)}`
    if (!known.has(name)) throw targetError(`${what}, which the driver does not know`)
    if (given.getAll(name).length > 1) throw targetError(`${what} twice`)
  }
  return new Map(given)
}

function portOf(digits: string): number {
  const port = digits === '' ? 5432 : Number(digits)
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw targetError("the target's url has a port that is not a number from 1 to 65535")
}

function sslModeOf(given = 'disable'): SslMode {
  const mode = sslModes.find((name) => name === given)
  if (mode !== undefined) return mode
  throw new CloudbenchError({
    code: 'CB_TARGET',
    what: `the target's url has sslmode=${given}`,
    expected: `one of ${sslModes.join(', ')}; certificates are verified from require on, unless tls.rejectUnauthorized is false`,
    next: 'use sslmode=verify-full, with tls.ca for an authority of your own',
  })
}

function timeoutOf(seconds: string | undefined): number | undefined {
  if (seconds === undefined) return undefined
  if (/^[1-9]\d{0,5}$/.test(seconds)) return Number(seconds) * 1_000
  throw targetError("the target's url has a connect_timeout that is not a whole number of seconds, from 1")
}

function notPostgres(): CloudbenchError {
  return targetError("the target's url does not name a PostgreSQL database")
}

function targetError(what: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what,
    expected: `postgres://user:password@host:port/database, and after it at most ?${[...known].join(', ')}`,
    next: '--set targets.<name>.url=postgres://postgres@127.0.0.1:5432/postgres',
  })
}

/** Reports a stray `%`, such as one in a password, in words that help. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw targetError("the target's url has a % that is not followed by two hexadecimal digits")
  }
}
