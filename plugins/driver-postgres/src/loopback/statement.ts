/** What a statement returns, and what it changes once its transaction commits. */
export interface Executed {
  readonly tag: string
  readonly columns?: readonly string[]
  readonly rows?: readonly (readonly (string | null)[])[]
  readonly effect?: () => void
}

/** A kind of statement that the loopback server knows. */
export interface Statement {
  readonly pattern: RegExp
  /** @param parameters Of a prepared statement, in binary. */
  run(match: RegExpExecArray, parameters: readonly Buffer[]): Executed
}

/** A column with one value; without one, no row. */
export function one(column: string, value: string | number | null | undefined): Executed {
  return value === undefined
    ? { tag: 'SELECT 0', columns: [column], rows: [] }
    : { tag: 'SELECT 1', columns: [column], rows: [[value === null ? null : String(value)]] }
}
