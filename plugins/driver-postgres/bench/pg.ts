import { createRequire } from 'node:module'
import { awaiting, sendFor } from '@cloudbench/fixtures/bench/send-for'

// pg in ordinary use, for bench/issue.ts: a request is an `await client.query()`, in a transaction several.

/** pg with the types that an application gives it; the driver declares only what it uses itself. */
interface PlainClient {
  connect(): Promise<unknown>
  query(query: { name: string; text: string; values: readonly unknown[] }): Promise<{ rows: unknown[] }>
  query(text: string): Promise<unknown>
  end(): Promise<void>
}
const { Client } = createRequire(import.meta.url)('pg') as { Client: new (options: object) => PlainClient }

const [url, connections, load, rows, documentBytes] = process.argv.slice(2) as [
  string,
  string,
  'version' | 'payload' | 'transaction' | 'insert',
  string,
  string,
]
let sequence = 0
const text = 'x'.repeat(Number(documentBytes) - 42)
const item = (): number => 1 + Math.floor(Math.random() * Number(rows))

const select =
  (column: string) =>
  (client: PlainClient): Promise<unknown> =>
    client.query({
      name: column,
      text: `SELECT ${column} FROM cloudbench.items WHERE id = $1`,
      values: [item()],
    })

async function transaction(client: PlainClient): Promise<void> {
  const id = item()
  await client.query('BEGIN')
  await client.query({
    name: 'update',
    text: 'UPDATE cloudbench.items SET version = version + $1 WHERE id = $2',
    values: [7, id],
  })
  await select('version')(client)
  await client.query({
    name: 'history',
    text: 'INSERT INTO cloudbench.history (writer, sequence, item, delta, at) VALUES ($1, $2, $3, $4, now())',
    values: [1, sequence++, id, 7],
  })
  await client.query('COMMIT')
}

const batchRows = 100
const insertText = `INSERT INTO cloudbench.documents (writer, sequence, document) VALUES ${Array.from(
  { length: batchRows },
  (_, row) => `($1, $${2 * row + 2}, $${2 * row + 3})`,
).join()}`
const document = (): unknown[] => [sequence++, { sequence: String(sequence).padStart(16, '0'), text }]

const insert = (client: PlainClient): Promise<unknown> =>
  client.query({
    name: 'insert',
    text: insertText,
    values: [1, ...Array.from({ length: batchRows }, document).flat()],
  })

const loads = { version: select('version'), payload: select('payload'), transaction, insert }
const clients = Array.from({ length: Number(connections) }, () => new Client({ connectionString: url }))
await Promise.all(clients.map((client) => client.connect()))
await sendFor(clients.map((client) => awaiting(() => loads[load](client))))
await Promise.all(clients.map((client) => client.end()))
