import { CloudbenchError } from '@cloudbench/core'
import { connectRefusal } from '@cloudbench/driver-kit'
import { DatabaseError } from 'pg'
import { explainState, keepPasswordOut } from './error-replies.ts'
import type { PostgresServer } from './target.ts'

/** SQLSTATEs of tables that are there no more, or are something else: a column, a table, a schema, a table that is a view. */
const otherTables: ReadonlySet<string> = new Set(['42703', '42P01', '3F000', '42809'])

/**
 * Explains why the server refused a statement that prepares, observes or audits, or why it could not be asked. Other errors
 * are returned as they are.
 * @param fault Why the connection broke, if it has.
 */
export function taskError(error: unknown, server: PostgresServer, fault?: Error): unknown {
  if (!(error instanceof DatabaseError) || error.code === undefined)
    return fault === undefined || error instanceof CloudbenchError ? error : lostError(fault, server)
  if (otherTables.has(error.code))
    return new CloudbenchError({
      code: 'CB_TARGET',
      what: `the tables on ${server.shown} are not as the driver makes them: ${error.message} (${error.code})`,
      expected: 'tables that no one else changes or drops',
      next: 'drop the schema, or set the option schema to another name',
      cause: error,
    })
  if (explainState(server, error.message, error.code) !== undefined) return connectError(error, server, false)
  return new CloudbenchError({
    code: 'CB_TARGET',
    what: `${server.shown} refused a statement: ${error.message} (${error.code})`,
    expected: 'a server on which the load can be prepared and audited',
    next: `look up ${error.code} under "PostgreSQL Error Codes" in its documentation`,
    cause: error,
  })
}

/** Explains why a target cannot be used, and what to do about it. */
export function connectError(error: unknown, server: PostgresServer, isTls: boolean): CloudbenchError {
  const { shown, host, password } = server
  const wanted = `a PostgreSQL server${isTls ? ' with TLS' : ''} on ${shown}`
  const network = { where: shown, hostname: host, server: wanted, plainScheme: 'postgres://' }
  return connectRefusal(error, network, (message, code) => {
    const explanation = explainState(server, message, code)
    if (explanation !== undefined) return explanation
    if (code === 'NO_TLS')
      return [
        `${shown} does not offer TLS`,
        wanted,
        'turn it on there (ssl = on), or leave out sslmode and the option tls',
      ]
    // what pg raises itself has no code
    if (password === undefined && /SASL|SCRAM|password/i.test(message))
      return [
        `${shown} requires a password, and the target's url has none`,
        'postgres://user:password@host:port/database',
        keepPasswordOut,
      ]
    if (/SASL|SCRAM/.test(message))
      return [`${shown} could not be authenticated: ${message}`, wanted, 'check user, password and server']
    if (code === 'INVALID_RESPONSE' || /invalid response|Unknown authentication/i.test(message))
      return [
        `${shown} is not speaking the PostgreSQL protocol: ${message}`,
        wanted,
        "correct the target's url",
      ]
    return undefined
  })
}

function lostError(fault: Error, server: PostgresServer): CloudbenchError {
  const { code } = fault as NodeJS.ErrnoException
  if (code !== undefined && explainState(server, fault.message, code) !== undefined)
    return connectError(fault, server, false)
  return new CloudbenchError({
    code: 'CB_CONNECT',
    what: `the connection to ${server.shown} was lost: ${fault.message}`,
    expected: 'a server that keeps running, and lets the session be',
    next: 'look into the log of the server, and run again',
    cause: fault,
  })
}
