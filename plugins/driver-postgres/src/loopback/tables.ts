/** What the loopback server keeps of one table; each kind of table uses its own part. */
export interface Table {
  /** Payloads of items, by id. */
  readonly rows: Map<number, string>
  readonly versions: Map<number, number>
  /** Writes by writer and sequence. */
  readonly writes: Map<number, Map<number, Write>>
  /** What the history has added to every item. */
  readonly sums: Map<number, number>
}

/** How often a write is stored, and whether it is what was sent. */
interface Write {
  copies: number
  isIntact: boolean
}

/** Everything the loopback server keeps. Tables go by their full names, with the schema. */
export interface Tables {
  /** By name without quotes, of tables and schemas. */
  readonly comments: Map<string, string>
  of(name: string): Table
  empty(name: string): void
}

export function createTables(): Tables {
  const tables = new Map<string, Table>()
  return {
    comments: new Map(),
    of: (name) =>
      made(tables, name, () => ({
        rows: new Map(),
        versions: new Map(),
        writes: new Map(),
        sums: new Map(),
      })),
    empty: (name) => void tables.delete(name),
  }
}

/** Stores a write of a writer once more. */
export function write({ writes }: Table, writer: number, sequence: number, isIntact: boolean): void {
  const ofWriter = made(writes, writer, () => new Map<number, Write>())
  const stored = made(ofWriter, sequence, () => ({ copies: 0, isIntact: true }))
  stored.copies++
  stored.isIntact &&= isIntact
}

export function unquoted(name: string): string {
  return name.replaceAll('"', '')
}

function made<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const value = make()
  map.set(key, value)
  return value
}
