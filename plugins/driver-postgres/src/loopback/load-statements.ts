import { type Executed, one, type Statement } from './statement.ts'
import { write, type Table, type Tables } from './tables.ts'

/** What requests send, and the counter of their look-ups. A statement that is only described runs without parameters. */
export function loadStatements({ of }: Tables): readonly Statement[] {
  let hits = 0
  return [
    {
      pattern: /^SELECT payload FROM (\S+) WHERE id = \$1/,
      run([, table], [id]) {
        if (id !== undefined) hits++
        return one('payload', of(table!).rows.get(int8(id)))
      },
    },
    {
      pattern: /^SELECT version FROM (\S+) WHERE id = \$1/,
      run([, table], [id]) {
        if (id !== undefined) hits++
        const { rows, versions } = of(table!)
        return one('version', rows.has(int8(id)) ? (versions.get(int8(id)) ?? 0) : undefined)
      },
    },
    {
      pattern: /^UPDATE (\S+) SET version/,
      run([, table], [delta, id]) {
        const { rows, versions } = of(table!)
        const item = int8(id)
        if (!rows.has(item)) return { tag: 'UPDATE 0' }
        return { tag: 'UPDATE 1', effect: () => add(versions, item, int8(delta)) }
      },
    },
    {
      pattern: /^INSERT INTO (\S+) \(writer, sequence, item/,
      run([, table], [writer, sequence, item, delta]) {
        const effect = (): void => {
          const history = of(table!)
          write(history, int8(writer), int8(sequence), true)
          add(history.sums, int8(item), int8(delta))
        }
        return { tag: 'INSERT 0 1', effect }
      },
    },
    {
      pattern: /^INSERT INTO (\S+) \(writer, sequence, document/,
      run: ([, table], [writer, ...values]) => insert(() => of(table!), int8(writer), documentsOf(values, 2)),
    },
    {
      // as postgres.js lays it out, with the writer in every row
      pattern: /^INSERT INTO (\S+) \("writer","sequence","document"\)/,
      run: ([, table], values) => insert(() => of(table!), int8(values[0]), documentsOf(values.slice(1), 3)),
    },
    {
      pattern: /^SELECT (.*) FROM pg_stat_database/,
      run([, names]) {
        const columns = names!.split(', ')
        const rows = [columns.map((name) => (name === 'blks_hit' ? String(hits) : '0'))]
        return { tag: 'SELECT 1', columns, rows }
      },
    },
  ]
}

interface Document {
  readonly sequence: number
  readonly isIntact: boolean
}

function insert(table: () => Table, writer: number, documents: readonly Document[]): Executed {
  const effect = (): void => {
    for (const { sequence, isIntact } of documents) write(table(), writer, sequence, isIntact)
  }
  return { tag: `INSERT 0 ${documents.length}`, effect }
}

/**
 * Copies the numbers, since the bytes belong to the read buffer.
 * @param stride From the number of a document, which its text follows, to the next.
 */
function documentsOf(values: readonly Buffer[], stride: number): readonly Document[] {
  return Array.from({ length: Math.ceil(values.length / stride) }, (_, row) => {
    const sequence = int8(values[stride * row])
    const written = /"sequence":"(\d+)"/.exec(String(values[stride * row + 1]))?.[1]
    return { sequence, isIntact: Number(written) === sequence }
  })
}

function add(sums: Table['sums'], item: number, delta: number): void {
  sums.set(item, (sums.get(item) ?? 0) + delta)
}

function int8(bytes: Buffer | undefined): number {
  return bytes === undefined ? Number.NaN : Number(bytes.readBigInt64BE())
}
