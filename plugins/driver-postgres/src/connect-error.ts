import { CloudbenchError } from '@cloudbench/core'
import { connectRefusal, type Explanation } from '@cloudbench/driver-kit'
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
  const { shown, host, password } = target
  const server = `a PostgreSQL server${isTls ? ' with TLS' : ''} on ${shown}`
  const network = { where: shown, hostname: host, server, plainScheme: 'postgres://' }
  return connectRefusal(error, network, (message, code) => {
    const explanations = explanationsOf(target, server, message, code)
    if (Object.hasOwn(explanations, code)) return explanations[code]
    // what pg raises itself has no code
    if (password === undefined && /SASL|SCRAM|password/i.test(message))
      return [
        `${shown} requires a password, and the target's url has none`,
        'postgres://user:password@host:port/database',
        keepPasswordOut,
      ]
    if (/SASL|SCRAM/.test(message))
      return [`${shown} could not be authenticated: ${message}`, server, 'check user, password and server']
    return /invalid response|Unknown authentication/i.test(message)
      ? explanations['INVALID_RESPONSE']
      : undefined
  })
}

const keepPasswordOut = 'keep the password out of files: postgres://bench:${env:PG_PASSWORD}@…'

/** By SQLSTATE, or by a code of the driver's own. */
function explanationsOf(
  { shown, user, database }: PostgresTarget,
  server: string,
  message: string,
  code: string,
): Readonly<Record<string, Explanation>> {
  const said = `${message} (${code})`
  const badCredentials: Explanation = [
    `${shown} rejected the credentials: ${said}`,
    "user and password in the target's url, as postgres://user:password@host:port/database",
    keepPasswordOut,
  ]
  const notPrepared: Explanation = [
    `${shown} lacks what the load needs: ${said}`,
    'the tables that the driver makes before the load',
    'leave the option preload on, or choose a schema that was prepared',
  ]
  const noRoom: Explanation = [
    `${shown} takes no more connections: ${said}`,
    'max_connections above the number of connections',
    'raise max_connections there, or configure fewer connections',
  ]
  return {
    NO_TLS: [
      `${shown} does not offer TLS`,
      server,
      'turn it on there (ssl = on), or leave out sslmode and the option tls',
    ],
    INVALID_RESPONSE: [
      `${shown} is not speaking the PostgreSQL protocol: ${message}`,
      server,
      "correct the target's url",
    ],
    '28P01': badCredentials,
    '28000': badCredentials,
    '3D000': [
      `${shown} has no database ${JSON.stringify(database)} (${code})`,
      'a database that exists',
      `correct the path of the target's url, or run createdb ${database}`,
    ],
    '42501': [
      `user ${JSON.stringify(user)} may not do that on ${shown}: ${said}`,
      'a user that may connect, and use the schema and its tables',
      'grant the rights listed in the README of @cloudbench/driver-postgres',
    ],
    '3F000': notPrepared,
    '42P01': notPrepared,
    '42703': notPrepared,
    '53300': noRoom,
    '53400': noRoom,
    '57P03': [
      `${shown} is not ready: ${said}`,
      'a server that accepts connections',
      'wait until it has started',
    ],
  }
}
