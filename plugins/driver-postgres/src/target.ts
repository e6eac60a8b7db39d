import { CloudbenchError } from '@cloudbench/core'

/** A PostgreSQL database, as the target's url names it. */
export interface PostgresTarget {
  readonly host: string
  readonly port: number
  /** Whether the url requires TLS. */
  readonly isTls: boolean
  readonly user: string
  readonly password: string | undefined
  readonly database: string
  /** For messages: without credentials. */
  readonly shown: string
}

/** Certificates are verified in both modes with TLS, unless `tls.rejectUnauthorized` is false. */
const tlsModes: Readonly<Record<string, boolean>> = { disable: false, require: true, 'verify-full': true }

/**
 * Reads `postgres://user:password@host:port/database?sslmode=verify-full`, or the same with `postgresql://`.
 * @throws CloudbenchError for any other url, which is not shown because it may hold a password.
 */
export function parseTarget(url: string): PostgresTarget {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const isPostgres = parsed?.protocol === 'postgres:' || parsed?.protocol === 'postgresql:'
  const path = /^\/?([^/]*)$/.exec(parsed?.pathname ?? '')
  if (!parsed || !isPostgres || !parsed.hostname || !path)
    throw targetError("the target's url does not name a PostgreSQL database")
  const host = parsed.hostname.replaceAll(/^\[|\]$/g, '')
  const port = Number(parsed.port || 5432)
  const user = decoded(parsed.username) || 'postgres'
  return {
    host,
    port,
    isTls: isTls(parsed.searchParams),
    user,
    password: parsed.password === '' ? undefined : decoded(parsed.password),
    database: decoded(path[1] ?? '') || user,
    shown: `${parsed.hostname}:${port}`,
  }
}

function isTls(parameters: URLSearchParams): boolean {
  for (const name of parameters.keys())
    if (name !== 'sslmode')
      throw targetError(
        `the target's url has the parameter ${JSON.stringify(name)}, which the driver does not know`,
      )
  const mode = parameters.get('sslmode') ?? 'disable'
  const known = Object.hasOwn(tlsModes, mode) ? tlsModes[mode] : undefined
  if (known !== undefined) return known
  throw new CloudbenchError({
    code: 'CB_TARGET',
    what: `the target's url has sslmode=${mode}`,
    expected: `one of ${Object.keys(tlsModes).join(', ')}; certificates are verified unless tls.rejectUnauthorized is false`,
    next: 'use sslmode=verify-full, with tls.ca for an authority of your own',
  })
}

function targetError(what: string): CloudbenchError {
  return new CloudbenchError({
    code: 'CB_TARGET',
    what,
    expected: 'postgres://user:password@host:port/database, with ?sslmode=verify-full for TLS',
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
