import { escapeIdentifier } from 'pg'
import type { Pooler } from '../client/pooler.ts'
import type { CallShape } from '../wire/messages.ts'

/** The tables of a schema, and the statements that the load consists of. */
export interface Tables {
  readonly schema: string
  readonly items: string
  readonly history: string
  readonly documents: string
  readonly selectPayload: string
  readonly selectVersion: string
  readonly update: string
  readonly insertHistory: string
  insertDocuments(rows: number): string
}

/** Names of prepared statements; an INSERT of documents is named by its number of rows. */
export const statementNames = {
  selectPayload: 'cloudbench_payload',
  selectVersion: 'cloudbench_version',
  update: 'cloudbench_update',
  insertHistory: 'cloudbench_history',
} as const

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
    selectPayload: `SELECT payload FROM ${items} WHERE id = $1`,
    selectVersion: `SELECT version FROM ${items} WHERE id = $1`,
    update: `UPDATE ${items} SET version = version + $1 WHERE id = $2`,
    insertHistory: `INSERT INTO ${history} (writer, sequence, item, delta, at) VALUES ($1, $2, $3, $4, now())`,
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

/** How a statement with bigint parameters is called: by its name, or by its text where a pooler loses names. */
export function callOf(pooler: Pooler, name: string, parameters: number, text: string): CallShape {
  return pooler === 'none' ? { statement: name, parameters } : { statement: '', parameters, text }
}

/** SQL that prepares a statement with bigint parameters for the session. */
export function prepareStatement(name: string, parameters: number, text: string): string {
  return `PREPARE ${name} (${Array.from({ length: parameters }, () => 'bigint').join(', ')}) AS ${text};`
}
