import { DatabaseError, Query, type Connection } from 'pg'

/** What becomes of what was sent, told in order. */
export interface Receiver {
  /** The columns of a row, as text. */
  row(fields: readonly (string | null)[]): void
  /** A statement was executed; the tag is such as `INSERT 0 3`. */
  complete(tag: string): void
  /** The server refuses, by SQLSTATE, and passes over the rest. Nothing else is told. */
  refused(code: string): void
  /** The server has answered everything. */
  ready(): void
  /** There will be no answer. */
  lost(error: Error): void
}

/** SQLSTATEs after which the server ends the connection: operator, crash, idle, a transaction that took too long. */
const endsConnection = /^(57P0[1-5]|25P0[34]|08...)$/

/**
 * Something to send and what comes back: a query as pg knows it, made once and used for one request after another. It
 * has no promise, no result and no text; its bytes are laid out before.
 */
export class Exchange extends Query {
  /** Everything up to a Sync, or a simple query. */
  bytes: Buffer
  readonly #receiver: Receiver

  constructor(receiver: Receiver, bytes: Buffer) {
    super({ text: '' })
    this.#receiver = receiver
    this.bytes = bytes
  }

  override submit(connection: Connection): null {
    connection.stream.write(this.bytes)
    return null
  }

  override handleRowDescription(): void {}

  override handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#receiver.row(fields)
  }

  override handleCommandComplete({ text }: { readonly text: string }): void {
    this.#receiver.complete(text)
  }

  override handleReadyForQuery(): void {
    this.#receiver.ready()
  }

  override handlePortalSuspended(): void {}

  override handleEmptyQuery(): void {}

  override handleError(error: Error): void {
    if (error instanceof DatabaseError && error.code !== undefined && !isFatal(error))
      this.#receiver.refused(error.code)
    else this.#receiver.lost(error)
  }
}

function isFatal({ severity, code }: DatabaseError): boolean {
  return severity === 'FATAL' || severity === 'PANIC' || endsConnection.test(code ?? '')
}
