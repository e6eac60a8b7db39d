import { CloudbenchError } from '@cloudbench/core'
import { hostsOf, portsOf, type Address } from './client/hosts.ts'
import { sslModes, type SslMode } from './client/ssl-mode.ts'

/** One server of a target, with what to say to it. */
export interface PostgresServer extends Address {
  readonly sslMode: SslMode
  readonly user: string
  readonly password: string | undefined
  readonly database: string
}

/** What a session must be like, as for every client of PostgreSQL. */
const sessionKinds = ['any', 'read-write', 'read-only', 'primary', 'standby', 'prefer-standby'] as const

export type SessionKind = (typeof sessionKinds)[number]

/** A PostgreSQL database, as the target's url names it. */
export interface PostgresTarget {
  /** The servers that may have it, to be tried one after another. At least one. */
  readonly servers: readonly PostgresServer[]
  readonly sessionKind: SessionKind
  /** Whether every connection tries the servers in an order of its own. */
  readonly isBalanced: boolean
  readonly applicationName: string
  /** Settings of the session, as `-c name=value`. */
  readonly options: string | undefined
  /** Instead of the option connectTimeoutMs. */
  readonly connectTimeoutMs: number | undefined
}

const known = new Set([
  'host',
  'port',
  'sslmode',
  'application_name',
  'options',
  'connect_timeout',
  'target_session_attrs',
  'load_balance_hosts',
])

/** Several hosts have commas between them, which a URL of the web may not have. */
const form =
  /^postgres(?:ql)?:\/\/(?:(?<login>[^/?#]*)@)?(?<hosts>[^/?#@]*)(?:\/(?<database>[^/?#]*))?(?:\?(?<query>[^#]*))?$/i

/**
 * Reads `postgres://user:password@host:port/database?sslmode=verify-full`, or the same with `postgresql://`. There may be
 * several hosts, as `a:5432,b:5433`, and a host may be the folder of a Unix socket, as `?host=/run/postgresql` or
 * `%2Frun%2Fpostgresql`.
 * @throws CloudbenchError for any other url, which is not shown because it may hold a password.
 */
export function parseTarget(url: string): PostgresTarget {
  // as the URL Standard has it, and so every other driver and what redacts secrets
  const text = url.trim().replaceAll(/[\t\n\r]/g, '')
  const parts = form.exec(text)?.groups
  if (!parts) throw notPostgres()
  const { login = '', hosts: written = '', database = '', query = '' } = parts
  const parameters = parametersOf(new URLSearchParams(query))
  const [, name = '', password = ''] = /^([^:]*):?(.*)$/s.exec(login) ?? []
  const user = decoded(name) || 'postgres'
  const named = hostsOf(written, decoded)
  const hosts = parameters.get('host')?.split(',') ?? named?.hosts
  if (named === undefined || hosts === undefined || hosts.some((host) => host === '')) throw notPostgres()
  const addresses = portsOf(hosts, parameters.get('port')?.split(',') ?? named.ports, targetError)
  const sslMode = oneOf(parameters, 'sslmode', sslModes, 'disable')
  const shared = {
    user,
    password: password === '' ? undefined : decoded(password),
    database: decoded(database) || user,
  }
  return {
    // as for every other client, a Unix socket has no TLS
    servers: addresses.map((address) => ({
      ...address,
      ...shared,
      sslMode: address.host.startsWith('/') ? 'disable' : sslMode,
    })),
    sessionKind: oneOf(parameters, 'target_session_attrs', sessionKinds, 'any'),
    isBalanced: oneOf(parameters, 'load_balance_hosts', ['disable', 'random'], 'disable') === 'random',
    applicationName: parameters.get('application_name') || 'cloudbench',
    options: parameters.get('options'),
    connectTimeoutMs: timeoutOf(parameters.get('connect_timeout')),
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

const advice: Readonly<Record<string, readonly [expected: string, next: string]>> = {
  sslmode: [
    '; certificates are verified from require on, unless tls.rejectUnauthorized is false',
    'use sslmode=verify-full, with tls.ca for an authority of your own',
  ],
}

function oneOf<const Value extends string>(
  parameters: ReadonlyMap<string, string>,
  name: string,
  values: readonly Value[],
  otherwise: Value,
): Value {
  const given = parameters.get(name) ?? otherwise
  const value = values.find((each) => each === given)
  if (value !== undefined) return value
  const [more, next] = advice[name] ?? ['', `remove ${name} from the target's url, or correct it`]
  throw new CloudbenchError({
    code: 'CB_TARGET',
    what: `the target's url has ${name}=${given}`,
    expected: `one of ${values.join(', ')}${more}`,
    next,
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
    expected: `postgres://user:password@host:port/database, with more hosts after commas, and at its end at most ?${[...known].join(', ')}`,
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
