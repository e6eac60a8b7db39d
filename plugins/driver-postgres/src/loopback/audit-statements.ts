import type { Statement } from './statement.ts'
import type { Tables } from './tables.ts'

/** What compares the tables with what was written, before the load and after it. */
export function auditStatements({ of }: Tables): readonly Statement[] {
  let cursor: string[][] = []
  return [
    {
      pattern: /^SELECT count.* BETWEEN 1 AND (\d+)\) AS present.* AS wrong FROM (\S+)$/,
      run([, last, table]) {
        const { rows, versions } = of(table!)
        const present = [...rows.keys()].filter((id) => id >= 1 && id <= Number(last)).length
        const wrong = [...versions.values()].filter((version) => version !== 0).length
        return {
          tag: 'SELECT 1',
          columns: ['present', 'total', 'wrong'],
          rows: [[String(present), String(rows.size), String(wrong)]],
        }
      },
    },
    {
      pattern: /^DECLARE \S+ CURSOR FOR .* FROM (\S+) WHERE writer = (\d+) GROUP BY sequence/,
      run([, table, writer]) {
        const writes = of(table!).writes.get(Number(writer)) ?? []
        cursor = Array.from(writes, ([sequence, { copies, isIntact }]) =>
          [sequence, sequence, copies, isIntact].map(String),
        )
        return { tag: 'DECLARE CURSOR' }
      },
    },
    {
      pattern: /^FETCH (\d+)/,
      run([, count]) {
        const rows = cursor.splice(0, Number(count))
        return { tag: `FETCH ${rows.length}`, columns: ['first', 'last', 'copies', 'intact'], rows }
      },
    },
    {
      pattern:
        /^SELECT count\(\*\) AS examined.* FROM \(SELECT id, version FROM (\S+) .* FROM (\S+) GROUP BY/,
      run([, table, history]) {
        const { versions } = of(table!)
        const added = of(history!).sums
        const ids = new Set([...versions.keys(), ...added.keys()])
        const wrong = [...ids].filter((id) => versions.get(id) !== added.get(id)).length
        return {
          tag: 'SELECT 1',
          columns: ['examined', 'violations'],
          rows: [[String(ids.size), String(wrong)]],
        }
      },
    },
  ]
}
