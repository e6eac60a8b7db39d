import { auditStatements } from './audit-statements.ts'
import { loadStatements } from './load-statements.ts'
import { schemaStatements } from './schema-statements.ts'
import type { Executed } from './statement.ts'
import { createTables } from './tables.ts'

/** The few statements that the driver sends, over tables in memory. */
export interface Store {
  /** Throws when it does not know the statement. */
  execute(text: string, parameters: readonly Buffer[]): Executed
}

export function createStore(): Store {
  const tables = createTables()
  // the most frequent ones first
  const statements = [...loadStatements(tables), ...schemaStatements(tables), ...auditStatements(tables)]
  return {
    execute(text, parameters) {
      for (const { pattern, run } of statements) {
        const match = pattern.exec(text)
        if (match) return run(match, parameters)
      }
      throw new Error(`the loopback server does not know: ${text}`)
    },
  }
}
