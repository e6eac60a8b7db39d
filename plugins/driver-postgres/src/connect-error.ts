import { CloudbenchError, messageOf } from '@cloudbench/core'
import { networkRefusal } from '@cloudbench/driver-kit'
import { DatabaseError } from 'pg'
import type { PostgresTarget } from './target.ts'

/** Says why a statement beside the load, one that prepares or audits, was refused. Other errors are left as they are. */
export function taskError(error: unknown, target: PostgresTarget): unknown {
  if (!(error instanceof DatabaseError) || error.code === undefined) return error
  if (error.code === '42501') return connectError(error, target, false)
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `${target.shown} refuses: ${error.message} (${error.code})`,
    expected: 'a server that the load can be prepared on, and audited',
    next: `see what ${error.code} means under "PostgreSQL Error Codes" in its documentation`,
    cause: error,
  })
}

type Texts = readonly [what: string, expected: string, next: string]

/** Says why a target cannot be used, and what to do about it. */
export function connectError(error: unknown, target: PostgresTarget, isTls: boolean): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const { shown, host } = target
  const server = `a PostgreSQL server${isTls ? ' with TLS' : ''} on ${shown}`
  const refused = networkRefusal(error, { where: shown, hostname: host, server, plainScheme: 'postgres://' })
  if (refused) return refused
  const code = (error as NodeJS.ErrnoException | undefined)?.code
  const [what, expected, next] = textsOf(code ?? '', messageOf(error), target, server)
  return new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
}

function textsOf(
  code: string,
  message: string,
  { shown, database, user, password }: PostgresTarget,
  server: string,
): Texts {
  switch (code) {
    case 'NO_TLS':
      return [
        `${shown} does not offer TLS`,
        server,
        'turn it on there (ssl = on), or leave sslmode and the option tls out',
      ]
    case 'INVALID_RESPONSE':
      return [`${shown} does not answer as PostgreSQL does: ${message}`, server, "correct the target's url"]
    case '28P01':
    case '28000':
      return [
        `${shown} refuses who we are: ${message} (${code})`,
        "user and password in the target's url, as postgres://user:password@host:port/database",
        'keep the password out of files: postgres://bench:${env:PG_PASSWORD}@…',
      ]
    case '3D000':
      return [
        `${shown} has no database ${JSON.stringify(database)} (${code})`,
        'a database that it has',
        `correct the path of the target's url, or createdb ${database}`,
      ]
    case '42501':
      return [
        `user ${JSON.stringify(user)} may not do that on ${shown}: ${message} (${code})`,
        'a user that may connect, and use the schema and its tables',
        'grant it, as the README of @cloudbench/driver-postgres says',
      ]
    case '3F000':
    case '42P01':
    case '42703':
      return [
        `${shown} has not what the load needs: ${message} (${code})`,
        'the tables that the driver makes before the load',
        'leave the option preload on, or choose a schema that was prepared',
      ]
    case '53300':
    case '53400':
      return [
        `${shown} takes no more connections: ${message} (${code})`,
        'max_connections above the number of connections',
        'raise it there, or ask for fewer connections',
      ]
    case '57P03':
      return [`${shown} is not ready: ${message} (${code})`, 'a server that is', 'wait until it has started']
  }
  if (password === undefined && /SASL|SCRAM|password/i.test(message))
    return [
      `${shown} asks for a password, and the target's url has none`,
      'postgres://user:password@host:port/database',
      'keep the password out of files: postgres://bench:${env:PG_PASSWORD}@…',
    ]
  if (/SASL|SCRAM/.test(message))
    return [`${shown} could not be authenticated: ${message}`, server, 'check user, password and server']
  if (/invalid response|Unknown authentication/i.test(message))
    return [`${shown} does not answer as PostgreSQL does: ${message}`, server, "correct the target's url"]
  return [
    `no connection to ${shown}: ${message}${code === '' ? '' : ` (${code})`}`,
    server,
    "check the target's url",
  ]
}
