import { DatabaseError, Query, type Connection } from 'pg'

/** An error of the server. */
export interface Refusal {
  /** The SQLSTATE. */
  readonly code: string
  readonly message: string
}

/** Is told, in order, what came back. */
export interface Receiver {
  /** The columns of a row, as text. */
  row(fields: readonly (string | null)[]): void
  /** A statement was executed; the tag is such as `INSERT 0 3`. */
  complete(tag: string): void
  /** The server refused, and skips the rest. No other call follows. */
  refused(refusal: Refusal): void
  /** The server has answered everything. */
  ready(): void
  /** There will be no answer. */
  lost(error: Error): void
}

/** SQLSTATEs after which the server closes the connection: operator, crash, idle session, idle transaction. */
const endsConnection = /^(57P0[1-5]|25P0[34]|08...)$/

/**
 * Something to send and its answer: a query as pg knows it, made once and reused from request to request. It has no
 * promise, no result and no text; its bytes are laid out in advance.
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
      this.#receiver.refused(error as Refusal)
    else this.#receiver.lost(error)
  }
}

function isFatal({ severity, code }: DatabaseError): boolean {
  return severity === 'FATAL' || severity === 'PANIC' || endsConnection.test(code ?? '')
}
