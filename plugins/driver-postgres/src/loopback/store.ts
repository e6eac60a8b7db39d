import { auditStatements } from './audit-statements.ts'
import { loadStatements } from './load-statements.ts'
import { schemaStatements } from './schema-statements.ts'
import type { Executed } from './statement.ts'
import { createTables } from './tables.ts'

/** Executes the few statements that the driver sends. Throws when it does not know one. */
export type Execute = (text: string, parameters: readonly Buffer[]) => Executed

/** Over tables in memory. */
export function createStore(): Execute {
  const tables = createTables()
  // the most frequent ones first
  const statements = [...loadStatements(tables), ...schemaStatements(tables), ...auditStatements(tables)]
  return (text, parameters) => {
    for (const { pattern, run } of statements) {
      const match = pattern.exec(text)
      if (match) return run(match, parameters)
    }
    throw new Error(`the loopback server does not know: ${text}`)
  }
}
