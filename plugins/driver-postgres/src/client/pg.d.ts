// what the driver uses of pg. DefinitelyTyped declares `submit` as a property, which could not be overridden.
declare module 'pg' {
  import type { EventEmitter } from 'node:events'

  export interface ClientConfig {
    readonly host: string
    readonly port: number
    readonly user: string
    readonly database: string
    readonly password: () => string
    /** False, or what `connect` of `node:tls` takes. */
    readonly ssl: object | false
    readonly sslnegotiation: 'postgres'
    /** Queries are sent immediately, without waiting for earlier answers. @default false */
    readonly pipeline?: boolean
    /** @default a socket of its own */
    readonly stream?: () => unknown
  }

  /** What a session begins with, by name. */
  export type Settings = Readonly<Record<string, string>>

  export interface QueryResult {
    readonly rows: readonly Readonly<Record<string, string | number | boolean | null>>[]
    readonly rowCount: number | null
  }

  /** Says `sslconnect` when it has put TLS on top of its stream. */
  export interface Connection extends EventEmitter {
    readonly stream: Stream
    readonly ssl: object | false
  }

  interface Stream extends EventEmitter {
    write(data: Buffer): boolean
    destroy(error?: Error): unknown
  }

  /** A statement with parameters. */
  export interface Query {
    /** Prepared once, under this name; without one, every time. */
    readonly name?: string
    readonly text: string
    readonly values: readonly unknown[]
  }

  export class Client extends EventEmitter {
    constructor(config: ClientConfig)
    readonly connection: Connection
    getStartupConf(): Settings
    /** What the server calls its process; null if it has not said. */
    readonly processID: number | null
    connect(): Promise<unknown>
    query(query: string | Query): Promise<QueryResult>
    end(): Promise<void>
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
