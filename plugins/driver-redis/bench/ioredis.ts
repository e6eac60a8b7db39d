import { awaiting, sendFor } from '@cloudbench/fixtures/bench/send-for'
import { Redis } from 'ioredis'

// ioredis in ordinary use, for bench/issue.ts: a request is an `await client.get()`.

const [url, connections, depth, keys] = process.argv.slice(2) as [string, string, string, string]
const clients = Array.from(
  { length: Number(connections) },
  () => new Redis(url, { enableAutoPipelining: Number(depth) > 1 }),
)
await sendFor(
  clients.map((redis) => awaiting(() => redis.get(`cloudbench:${Math.trunc(Math.random() * Number(keys))}`))),
  Number(depth),
)
await Promise.all(clients.map((redis) => redis.quit()))
