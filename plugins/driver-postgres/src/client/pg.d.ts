// what the driver uses of pg. DefinitelyTyped declares `submit` as a property, which could not be overridden.
declare module 'pg' {
  import type { EventEmitter } from 'node:events'

  export interface ClientConfig {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
    readonly password: () => string
    readonly ssl: false
    readonly sslnegotiation: 'postgres'
    /** Queries are sent immediately, without waiting for earlier answers. */
    readonly pipeline: boolean
    readonly stream: () => unknown
  }

  /** What a session begins with, by name. */
  export type Settings = Readonly<Record<string, string>>

  export interface QueryResult {
    readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[]
    readonly rowCount: number | null
  }

  export interface Connection {
    readonly stream: { write(data: Buffer): boolean; destroy(error?: Error): unknown }
  }

  export class Client extends EventEmitter {
    constructor(config: ClientConfig)
    readonly connection: Connection
    getStartupConf(): Settings
    /** What the server calls its process; null if it has not said. */
    readonly processID: number | null
    connect(): Promise<unknown>
    query(text: string): Promise<QueryResult>
    query<Q extends Query>(query: Q): Q
    end(): Promise<void>
  }

  export class Query extends EventEmitter {
    constructor(config: { readonly text: string })
    submit(connection: Connection): Error | null
    handleRowDescription(message: unknown): void
    handleDataRow(message: { readonly fields: readonly (string | null)[] }): void
    handleCommandComplete(message: { readonly text: string }, connection: Connection): void
    handlePortalSuspended(connection: Connection): void
    handleEmptyQuery(connection: Connection): void
    handleError(error: Error, connection: Connection): void
    handleReadyForQuery(connection: Connection): void
  }

  /** An error that the server reports. */
  export class DatabaseError extends Error {
    readonly severity: string | undefined
    /** The SQLSTATE; undefined when pg could not read the message. */
    readonly code: string | undefined
    readonly detail: string | undefined
  }

  export function escapeIdentifier(name: string): string
  export function escapeLiteral(text: string): string
}

/** The parser and serializer of pg, which ships no types that this module format would find. */
declare module 'pg-protocol' {
  export const serialize: {
    query(text: string): Buffer
    /** Prepares a statement under a name; without a name, until the next unnamed one. */
    parse(statement: {
      readonly name: string
      readonly text: string
      readonly types: readonly number[]
    }): Buffer
    /** Deallocates a prepared statement. It is no error if there is none. */
    close(statement: { readonly type: 'S'; readonly name: string }): Buffer
    execute(): Buffer
    sync(): Buffer
  }
}
