import { awaiting, sendFor } from '@cloudbench/fixtures/bench/send-for'
import { Client } from 'undici'

// undici in ordinary use, for bench/issue.ts: a request is `client.request()`, and its answer is read.

const [url, connections] = process.argv.slice(2) as [string, string]
const clients = Array.from({ length: Number(connections) }, () => new Client(new URL(url).origin))
await sendFor(
  clients.map((client) =>
    awaiting(async () => {
      const { body } = await client.request({ method: 'GET', path: '/' })
      await body.arrayBuffer()
    }),
  ),
)
await Promise.all(clients.map((client) => client.close()))
