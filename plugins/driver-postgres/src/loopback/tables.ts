/** Everything the loopback server keeps. Tables go by their full names, with the schema. */
export interface Tables {
  /** By name without quotes, of tables and schemas. */
  readonly comments: Map<string, string>
  itemsOf(table: string): Items
  /** Stores a write of a writer once more. */
  write(table: string, writer: number, sequence: number, isIntact: boolean): void
  writesOf(table: string, writer: number): ReadonlyMap<number, Write>
  /** What the history has added to every item. */
  sumsOf(table: string): Map<number, number>
  empty(table: string): void
  drop(table: string): void
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

export function createTables(): Tables {
  const comments = new Map<string, string>()
  const items = new Map<string, Items>()
  const writes = new Map<string, Map<number, Map<number, Write>>>()
  const sums = new Map<string, Map<number, number>>()
  const writesOf = (table: string, writer: number): Map<number, Write> =>
    made(made(writes, table, newMap<number, Map<number, Write>>), writer, newMap<number, Write>)
  const empty = (table: string): void => {
    items.delete(table)
    writes.delete(table)
    sums.delete(table)
  }
  return {
    comments,
    itemsOf: (table) => made(items, table, () => ({ rows: new Map(), versions: new Map() })),
    write(table, writer, sequence, isIntact) {
      const stored = made(writesOf(table, writer), sequence, () => ({ copies: 0, isIntact: true }))
      stored.copies++
      stored.isIntact &&= isIntact
    },
    writesOf,
    sumsOf: (table) => made(sums, table, newMap<number, number>),
    empty,
    drop(table) {
      comments.delete(unquoted(table))
      empty(table)
    },
  }
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

function newMap<Key, Value>(): Map<Key, Value> {
  return new Map()
}
