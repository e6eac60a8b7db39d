import { CloudbenchError, messageOf } from '@cloudbench/core'
import { networkRefusal } from '@cloudbench/driver-kit'
import { DatabaseError } from 'pg'
import type { PostgresTarget } from './target.ts'

/** Explains why the server refused a statement that prepares, observes or audits. Other errors are returned as they are. */
export function taskError(error: unknown, target: PostgresTarget): unknown {
  if (!(error instanceof DatabaseError) || error.code === undefined) return error
  if (error.code === '42501') return connectError(error, target, false)
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `${target.shown} refused a statement: ${error.message} (${error.code})`,
    expected: 'a server on which the load can be prepared and audited',
    next: `look up ${error.code} under "PostgreSQL Error Codes" in its documentation`,
    cause: error,
  })
}

/** Explains why a target cannot be used, and what to do about it. */
export function connectError(error: unknown, target: PostgresTarget, isTls: boolean): CloudbenchError {
  if (error instanceof CloudbenchError) return error
  const { shown, host } = target
  const server = `a PostgreSQL server${isTls ? ' with TLS' : ''} on ${shown}`
  const refused = networkRefusal(error, { where: shown, hostname: host, server, plainScheme: 'postgres://' })
  if (refused) return refused
  const code = (error as NodeJS.ErrnoException | undefined)?.code ?? ''
  const failure: Failure = { code, message: messageOf(error), target, server }
  const explain = Object.hasOwn(explanations, code) ? explanations[code]! : explainMessage
  const [what, expected, next] = explain(failure)
  return new CloudbenchError({ code: 'CB_CONNECT', what, expected, next, cause: error })
}

interface Failure {
  /** A SQLSTATE, or a code of the driver's own. */
  readonly code: string
  readonly message: string
  readonly target: PostgresTarget
  /** What was expected on the other end. */
  readonly server: string
}

type Explanation = readonly [what: string, expected: string, next: string]
type Explain = (failure: Failure) => Explanation

const keepPasswordOut = 'keep the password out of files: postgres://bench:${env:PG_PASSWORD}@…'

const noTls: Explain = ({ target, server }) => [
  `${target.shown} does not offer TLS`,
  server,
  'turn it on there (ssl = on), or leave out sslmode and the option tls',
]

const notPostgres: Explain = ({ target, message, server }) => [
  `${target.shown} is not speaking the PostgreSQL protocol: ${message}`,
  server,
  "correct the target's url",
]

const badCredentials: Explain = ({ target, message, code }) => [
  `${target.shown} rejected the credentials: ${message} (${code})`,
  "user and password in the target's url, as postgres://user:password@host:port/database",
  keepPasswordOut,
]

const noDatabase: Explain = ({ target: { shown, database }, code }) => [
  `${shown} has no database ${JSON.stringify(database)} (${code})`,
  'a database that exists',
  `correct the path of the target's url, or run createdb ${database}`,
]

const noPrivilege: Explain = ({ target: { shown, user }, message, code }) => [
  `user ${JSON.stringify(user)} may not do that on ${shown}: ${message} (${code})`,
  'a user that may connect, and use the schema and its tables',
  'grant the rights listed in the README of @cloudbench/driver-postgres',
]

const notPrepared: Explain = ({ target, message, code }) => [
  `${target.shown} lacks what the load needs: ${message} (${code})`,
  'the tables that the driver makes before the load',
  'leave the option preload on, or choose a schema that was prepared',
]

const noRoom: Explain = ({ target, message, code }) => [
  `${target.shown} takes no more connections: ${message} (${code})`,
  'max_connections above the number of connections',
  'raise max_connections there, or configure fewer connections',
]

const notReady: Explain = ({ target, message, code }) => [
  `${target.shown} is not ready: ${message} (${code})`,
  'a server that accepts connections',
  'wait until it has started',
]

const explanations: Readonly<Record<string, Explain>> = {
  NO_TLS: noTls,
  INVALID_RESPONSE: notPostgres,
  '28P01': badCredentials,
  '28000': badCredentials,
  '3D000': noDatabase,
  '42501': noPrivilege,
  '3F000': notPrepared,
  '42P01': notPrepared,
  '42703': notPrepared,
  '53300': noRoom,
  '53400': noRoom,
  '57P03': notReady,
}

/** For errors without a code that says enough: those that pg raises itself. */
function explainMessage(failure: Failure): Explanation {
  const { code, message, target, server } = failure
  const { shown, password } = target
  if (password === undefined && /SASL|SCRAM|password/i.test(message))
    return [
      `${shown} requires a password, and the target's url has none`,
      'postgres://user:password@host:port/database',
      keepPasswordOut,
    ]
  if (/SASL|SCRAM/.test(message))
    return [`${shown} could not be authenticated: ${message}`, server, 'check user, password and server']
  if (/invalid response|Unknown authentication/i.test(message)) return notPostgres(failure)
  return [
    `no connection to ${shown}: ${message}${code === '' ? '' : ` (${code})`}`,
    server,
    "check the target's url",
  ]
}
