/** What a statement gives back, and what it changes once its transaction is done. */
export interface Executed {
  readonly tag: string
  readonly columns?: readonly string[]
  readonly rows?: readonly (readonly (string | null)[])[]
  readonly effect?: () => void
}

/** A statement that the store does not know. */
class UnknownStatement extends Error {}

/** The few statements that the driver sends, over tables in memory. */
export interface Store {
  /** @param parameters Of a prepared statement, in binary. @throws UnknownStatement */
  execute(text: string, parameters: readonly Buffer[]): Executed
}

interface Items {
  readonly rows: Map<number, string>
  readonly versions: Map<number, number>
}

/** How often a write is stored, and whether it is what was sent. */
interface Write {
  copies: number
  isIntact: boolean
}

interface Statement {
  readonly pattern: RegExp
  run(match: RegExpExecArray, parameters: readonly Buffer[]): Executed
}

/** Tables are told apart by their whole names, with the schema. */
export function createStore(): Store {
  const comments = new Map<string, string>()
  const items = new Map<string, Items>()
  const writes = new Map<string, Map<number, Map<number, Write>>>()
  const sums = new Map<string, Map<number, number>>()
  let hits = 0
  let cursor: string[][] = []

  const itemsOf = (table: string): Items =>
    made(items, table, () => ({ rows: new Map(), versions: new Map() }))
  const write = (table: string, writer: number, sequence: number, isIntact: boolean): void => {
    const stored = made(
      made(made(writes, table, newMap<number, Map<number, Write>>), writer, newMap<number, Write>),
      sequence,
      () => ({ copies: 0, isIntact: true }),
    )
    stored.copies++
    stored.isIntact &&= isIntact
  }
  const one = (column: string, value: string | number | null | undefined): Executed =>
    value === undefined
      ? { tag: 'SELECT 0', columns: [column], rows: [] }
      : { tag: 'SELECT 1', columns: [column], rows: [[value === null ? null : String(value)]] }

  const statements: readonly Statement[] = [
    {
      pattern: /^SELECT payload FROM (\S+) WHERE id = \$1/,
      run([, table], [id]) {
        hits++
        return one('payload', itemsOf(table!).rows.get(int8(id)))
      },
    },
    {
      pattern: /^SELECT version FROM (\S+) WHERE id = \$1/,
      run([, table], [id]) {
        hits++
        const { rows, versions } = itemsOf(table!)
        return one('version', rows.has(int8(id)) ? (versions.get(int8(id)) ?? 0) : undefined)
      },
    },
    {
      pattern: /^UPDATE (\S+) SET version/,
      run([, table], [delta, id]) {
        const { rows, versions } = itemsOf(table!)
        const item = int8(id)
        if (!rows.has(item)) return { tag: 'UPDATE 0' }
        const effect = (): void => void versions.set(item, (versions.get(item) ?? 0) + int8(delta))
        return { tag: 'UPDATE 1', effect }
      },
    },
    {
      pattern: /^INSERT INTO (\S+) \(writer, sequence, item/,
      run([, table], [writer, sequence, item, delta]) {
        const effect = (): void => {
          write(table!, int8(writer), int8(sequence), true)
          const added = made(sums, table!, newMap<number, number>)
          added.set(int8(item), (added.get(int8(item)) ?? 0) + int8(delta))
        }
        return { tag: 'INSERT 0 1', effect }
      },
    },
    {
      pattern: /^INSERT INTO (\S+) \(writer, sequence, document/,
      run([, table], [writer, ...values]) {
        const count = values.length / 2
        // copies of the numbers: the bytes belong to what was read
        const rows = Array.from({ length: count }, (_, row) => ({
          sequence: int8(values[2 * row]),
          isIntact:
            Number(/"sequence":"(\d+)"/.exec(String(values[2 * row + 1]))?.[1]) === int8(values[2 * row]),
        }))
        const by = int8(writer)
        const effect = (): void => {
          for (const { sequence, isIntact } of rows) write(table!, by, sequence, isIntact)
        }
        return { tag: `INSERT 0 ${count}`, effect }
      },
    },
    {
      pattern: /^INSERT INTO (\S+) SELECT id, 0, .* \|\| '([^']*)' FROM generate_series\((\d+), (\d+)\)/,
      run([, table, filler, first, last]) {
        const { rows } = itemsOf(table!)
        for (let id = Number(first); id <= Number(last); id++)
          rows.set(id, String(id).padStart(10, '0') + filler)
        return { tag: `INSERT 0 ${Number(last) - Number(first) + 1}` }
      },
    },
    {
      pattern: /^TRUNCATE (\S+)/,
      run([, table]) {
        items.delete(table!)
        writes.delete(table!)
        sums.delete(table!)
        return { tag: 'TRUNCATE TABLE' }
      },
    },
    {
      pattern: /^CREATE (TABLE|SCHEMA) (\S+)/,
      run([, kind, name]) {
        comments.set(unquoted(name!), '')
        return { tag: `CREATE ${kind}` }
      },
    },
    {
      pattern: /^DROP (TABLE|SCHEMA) (\S+)/,
      run([, kind, name]) {
        comments.delete(unquoted(name!))
        items.delete(name!)
        writes.delete(name!)
        return { tag: `DROP ${kind}` }
      },
    },
    {
      pattern: /^COMMENT ON (?:TABLE|SCHEMA) (\S+) IS '(.*)'/,
      run([, name, comment]) {
        comments.set(unquoted(name!), comment!)
        return { tag: 'COMMENT' }
      },
    },
    {
      pattern: /^SELECT obj_description.*(?:to_regclass\(|nspname = )'([^']*)'/,
      run: ([, name]) => one('comment', comments.get(unquoted(name!))),
    },
    {
      pattern: /^SELECT count\(\*\) AS present.* FROM (\S+)$/,
      run([, table]) {
        const { rows, versions } = itemsOf(table!)
        const changed = [...versions.values()].filter((version) => version !== 0).length
        return {
          tag: 'SELECT 1',
          columns: ['present', 'changed'],
          rows: [[String(rows.size), String(changed)]],
        }
      },
    },
    {
      pattern: /^DECLARE \S+ CURSOR FOR .* FROM (\S+) WHERE writer = (\d+) GROUP BY sequence/,
      run([, table, writer]) {
        const stored = writes.get(table!)?.get(Number(writer)) ?? []
        cursor = Array.from(stored, ([sequence, { copies, isIntact }]) => [
          String(sequence),
          String(copies),
          String(isIntact),
        ])
        return { tag: 'DECLARE CURSOR' }
      },
    },
    {
      pattern: /^FETCH (\d+)/,
      run([, count]) {
        const rows = cursor.splice(0, Number(count))
        return { tag: `FETCH ${rows.length}`, columns: ['sequence', 'copies', 'intact'], rows }
      },
    },
    {
      pattern:
        /^SELECT count\(\*\) AS examined.* FROM \(SELECT id, version FROM (\S+) .* FROM (\S+) GROUP BY/,
      run([, table, history]) {
        const { versions } = itemsOf(table!)
        const added = sums.get(history!) ?? newMap<number, number>()
        const ids = new Set([...versions.keys(), ...added.keys()])
        const wrong = [...ids].filter((id) => versions.get(id) !== added.get(id)).length
        return {
          tag: 'SELECT 1',
          columns: ['examined', 'violations'],
          rows: [[String(ids.size), String(wrong)]],
        }
      },
    },
    {
      pattern: /^SELECT (.*) FROM pg_stat_database/,
      run([, names]) {
        const columns = names!.split(', ')
        const rows = [columns.map((name) => (name === 'blks_hit' ? String(hits) : '0'))]
        return { tag: 'SELECT 1', columns, rows }
      },
    },
    { pattern: /^SELECT 1 FROM \S+ LIMIT 0$/, run: () => one('?column?', undefined) },
    { pattern: /^SHOW (server_version)/, run: ([, name]) => one(name!, '15.0 (cloudbench loopback)') },
    { pattern: /^SELECT (pg_advisory_lock)/, run: ([, name]) => one(name!, '') },
    { pattern: /^(SET|VACUUM)/, run: ([, tag]) => ({ tag: tag! }) },
  ]

  return {
    execute(text, parameters) {
      for (const { pattern, run } of statements) {
        const match = pattern.exec(text)
        if (match) return run(match, parameters)
      }
      throw new UnknownStatement(`the loopback server does not know: ${text}`)
    },
  }
}

function made<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = make()
  map.set(key, value)
  return value
}

function newMap<Key, Value>(): Map<Key, Value> {
  return new Map()
}

function unquoted(name: string): string {
  return name.replaceAll('"', '')
}

function int8(bytes: Buffer | undefined): number {
  return bytes === undefined ? Number.NaN : Number(bytes.readBigInt64BE())
}
