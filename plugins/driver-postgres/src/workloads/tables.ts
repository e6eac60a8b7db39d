import { escapeIdentifier } from 'pg'
import type { Statement } from '../lanes/lane.ts'

/** The tables of a schema, and the statements that the load consists of. */
export interface Tables {
  readonly schema: string
  readonly items: string
  readonly history: string
  readonly documents: string
  readonly selectPayload: Statement
  readonly selectVersion: Statement
  readonly update: Statement
  readonly insertHistory: Statement
  /** Parameters are the writer, and the number and the document of each row. */
  insertDocuments(rows: number): string
}

export function tablesOf(name: string): Tables {
  const schema = escapeIdentifier(name)
  const items = `${schema}.items`
  const history = `${schema}.history`
  const documents = `${schema}.documents`
  return {
    schema,
    items,
    history,
    documents,
    selectPayload: {
      name: 'cloudbench_payload',
      text: `SELECT payload FROM ${items} WHERE id = $1`,
      parameters: 1,
      column: 'payload',
    },
    selectVersion: {
      name: 'cloudbench_version',
      text: `SELECT version FROM ${items} WHERE id = $1`,
      parameters: 1,
      column: 'version',
    },
    update: {
      name: 'cloudbench_update',
      text: `UPDATE ${items} SET version = version + $1 WHERE id = $2`,
      parameters: 2,
    },
    insertHistory: {
      name: 'cloudbench_history',
      text: `INSERT INTO ${history} (writer, sequence, item, delta, at) VALUES ($1, $2, $3, $4, now())`,
      parameters: 4,
    },
    insertDocuments: (rows) =>
      `INSERT INTO ${documents} (writer, sequence, document) VALUES ${Array.from(
        { length: rows },
        (_, row) => `($1, $${2 * row + 2}, $${2 * row + 3})`,
      ).join(', ')}`,
  }
}

/** SQL that checks that a table exists. */
export function checkTable(table: string): string {
  return `SELECT 1 FROM ${table} LIMIT 0;`
}

/** SQL that prepares a statement for the session. */
export function prepareStatement({ name, parameters, text }: Statement): string {
  return `PREPARE ${name} (${Array.from({ length: parameters }, () => 'bigint').join(', ')}) AS ${text};`
}
