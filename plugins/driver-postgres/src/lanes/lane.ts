/** A statement of the load, whose parameters are of type bigint. */
export interface Statement {
  /** Under which it is prepared, where a session keeps names. */
  readonly name: string
  readonly text: string
  readonly parameters: number
  /** The column that it reads; undefined if it reads none. */
  readonly column?: string
}

/** An error of the server. */
export interface Refusal {
  /** The SQLSTATE. */
  readonly code: string
  readonly message: string
}

/** Is told, in order, what came back. */
export interface Receiver {
  /** The column of a row, from a lane whose library reads rows as text. */
  row(text: string | null): void
  /** The same as bytes, which are valid during the call. @param length Of the text; -1 for NULL. */
  rowBytes(bytes: Buffer, at: number, length: number): void
  /** A statement was executed. @param rows How many it has returned or changed; -1 for a statement without rows. */
  complete(rows: number): void
  /** The server refused, skipped the rest, and is ready again. No other call follows. */
  refused(refusal: Refusal): void
  /** The server has answered everything. */
  ready(): void
  /** There will be no answer. */
  lost(error: Error): void
}

/** The one statement of the calls of a library, which ends each with a Sync: the options refuse what would take several. */
export function onlyOne(statements: readonly Statement[]): Statement {
  if (statements.length !== 1) throw new Error('a library sends one statement at a time')
  return statements[0]!
}

/** Of a receiver that does not look at rows. */
export const withoutRows: Pick<Receiver, 'row' | 'rowBytes'> = { row() {}, rowBytes() {} }

/** Something to send, made once and sent again and again: when it is answered, and never before. */
export interface Exchange {
  /** @param index Of the request that it belongs to, for its trace context. */
  send(index: number): void
}

/** Calls of statements, which are sent together and answered with one `ready`. */
export interface Calls extends Exchange {
  /** Sets a parameter, an integer from 0. Calls and parameters count from 0. */
  set(call: number, parameter: number, value: number): void
}

/** An INSERT of documents: sent with as many rows as were put into it, again and again. */
export interface DocumentInsert {
  /** Sets the document of a row. Rows count from 0. */
  put(row: number, sequence: number): void
  /** @param index Of the request whose trace context it carries: one for all. */
  send(rows: number, index: number): void
  /** The server has refused to insert that many rows; the prepared statement may be gone. */
  forget(rows: number): void
}

/** The INSERT of a workload, by its number of rows. */
export interface DocumentInsertShape {
  readonly table: string
  /** The most rows. */
  readonly rows: number
  /** Stored with every row. */
  readonly writer: number
  readonly documentSize: number
  /** With parameters for the writer, and for the number and the document of each row. */
  textOf(rows: number): string
}

/** A way to send statements over one open connection, and to read the answers. */
export interface Lane {
  /** SQL without parameters, such as `BEGIN`. */
  sql(text: string, receiver: Receiver): Exchange
  calls(statements: readonly Statement[], receiver: Receiver): Calls
  documentInsert(shape: DocumentInsertShape, receiver: Receiver): DocumentInsert
  /** The connection is lost: nothing that is in flight will be answered, nor will what is sent from now on. */
  lose(error: Error): void
}
