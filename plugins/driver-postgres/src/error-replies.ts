import type { Explanation } from '@cloudbench/driver-kit'
import type { PostgresServer } from './target.ts'

/** A prepared statement is unknown, or known already: what a session of someone else has, or lacks. */
export const poolerStates: ReadonlySet<string> = new Set(['26000', '42P05'])

/** SQLSTATEs after which the server closes the connection: operator, crash, idle session, idle transaction. */
const endsConnection = /^(57P0[1-5]|25P0[34]|08...)$/

/** Whether a connection ends with an error of the server, rather than only a statement. */
export function isFatal({ severity, code }: { readonly severity: string; readonly code: string }): boolean {
  return severity === 'FATAL' || severity === 'PANIC' || endsConnection.test(code)
}

/** @param said The message of the server, with its code. */
type Teller = (server: PostgresServer, said: string) => Explanation | undefined

/** What an error of the server means for the run. `undefined` for those that the driver has nothing to say about. */
export function explainState(server: PostgresServer, message: string, code: string): Explanation | undefined {
  return Object.hasOwn(tellers, code) ? tellers[code]!(server, `${message} (${code})`) : undefined
}

export const keepPasswordOut = 'keep the password out of files: postgres://bench:${env:PG_PASSWORD}@…'

const badCredentials: Teller = ({ shown }, said) => [
  `${shown} rejected the credentials: ${said}`,
  "user and password in the target's url, as postgres://user:password@host:port/database",
  keepPasswordOut,
]
const notLetIn: Teller = (server, said) =>
  /pg_hba\.conf/.test(said)
    ? [
        `${server.shown} does not let this user in from here: ${said}`,
        'an entry of pg_hba.conf for the user, the database, the address, and TLS or none',
        "add one there, or correct user, database and sslmode in the target's url",
      ]
    : badCredentials(server, said)
/** Of the url's `options`, and so before anything else. */
const badSetting: Teller = ({ shown }, said) =>
  /configuration parameter|for parameter/.test(said)
    ? [
        `${shown} does not take a setting of the session: ${said}`,
        "settings that the server knows, as options=-c%20name%3Dvalue in the target's url",
        "correct options in the target's url",
      ]
    : undefined
const cancelled: Teller = ({ shown }, said) => {
  const isTimeout = /timeout/.test(said)
  return [
    `${shown} cancelled a statement: ${said}`,
    isTimeout ? 'limits that leave time to prepare and to audit' : 'a session that no one interrupts',
    isTimeout
      ? 'raise the limit for the user (ALTER ROLE … SET statement_timeout), or lower rows'
      : 'ask who cancelled it (pg_cancel_backend), and run again',
  ]
}
const notPrepared: Teller = ({ shown }, said) => [
  `${shown} lacks what the load needs: ${said}`,
  'the tables that the driver makes before the load',
  'leave the option preload on, or choose a schema that was prepared',
]
const noRoom: Teller = ({ shown }, said) => [
  `${shown} takes no more connections: ${said}`,
  'max_connections above the number of connections',
  'raise max_connections there, or configure fewer connections',
]
const notReady: Teller = ({ shown }, said) => [
  `${shown} is not ready: ${said}`,
  'a server that accepts connections',
  'wait until it has started',
]
const shutDown: Teller = ({ shown }, said) => [
  `${shown} ended the connection: ${said}`,
  'a server that keeps running, and lets the session be',
  'wait until it runs again, or ask who ended the session',
]
const pooled: Teller = ({ shown }, said) => [
  `${shown} has mixed up prepared statements, as a transaction pooler does: ${said}`,
  'a connection that keeps its session',
  "set the option pooler to transaction, or let the target's url name the server itself",
]

const tellers: Readonly<Record<string, Teller>> = {
  '08P01': ({ shown }, said) =>
    /startup parameter/.test(said)
      ? [
          `${shown} takes no such setting: ${said}`,
          'the server itself, or a pooler that passes settings of the session on',
          "remove options from the target's url, or add it to ignore_startup_parameters of PgBouncer",
        ]
      : undefined,
  '25006': ({ shown }, said) => [
    `${shown} takes no writes: ${said}`,
    'a primary, and sessions that may write (default_transaction_read_only = off)',
    "let the target's url name the primary, or load a prepared standby with workload read and preload: false",
  ],
  '26000': pooled,
  '22023': badSetting,
  '28000': notLetIn,
  '28P01': badCredentials,
  '3D000': ({ shown, database }) => [
    `${shown} has no database ${JSON.stringify(database)} (3D000)`,
    'a database that exists',
    `correct the path of the target's url, or run createdb ${database}`,
  ],
  '3F000': notPrepared,
  '42501': ({ shown, user }, said) => [
    `user ${JSON.stringify(user)} may not do that on ${shown}: ${said}`,
    'a user that may connect, and use the schema and its tables',
    'grant the rights listed in the README of @cloudbench/driver-postgres',
  ],
  '42703': notPrepared,
  '42704': badSetting,
  '42P01': notPrepared,
  '42P05': pooled,
  '53100': ({ shown }, said) => [
    `the disk of ${shown} is full: ${said}`,
    'room for the rows of the load, their indexes and the write-ahead log',
    'free its disk, or lower the options that make the data large (rows, payloadSize)',
  ],
  '53200': ({ shown }, said) => [
    `${shown} has no memory left: ${said}`,
    'memory for every connection of the load',
    'configure fewer connections, or give the server more memory',
  ],
  '53300': noRoom,
  '53400': ({ shown }, said) => [
    `${shown} has reached a limit of its configuration: ${said}`,
    'limits that leave room for the load, its preparation and its audit',
    'raise what the message names, such as temp_file_limit, or lower the options that make the data large',
  ],
  '55000': ({ shown }, said) =>
    /accepting connections/.test(said)
      ? [
          `${shown} lets no one into that database: ${said}`,
          'a database that takes connections',
          "let the target's url name another, or ALTER DATABASE … ALLOW_CONNECTIONS true",
        ]
      : undefined,
  '55P03': ({ shown }, said) => [
    `something else holds a lock on ${shown} that is needed: ${said}`,
    'tables that only the load uses',
    'look into pg_locks for who holds it, or set the option schema to another name',
  ],
  '57014': cancelled,
  '57P01': shutDown,
  '57P02': shutDown,
  '57P03': notReady,
}
