import { defineDriver } from '@cloudbench/core'
import { callClients, jsonClients } from './clients.ts'
import { loopback } from './loopback/server.ts'
import { json } from './workloads/json.ts'
import { stream } from './workloads/stream.ts'
import { unary } from './workloads/unary.ts'

/** gRPC: single calls, streams, and the same calls as HTTP/JSON by their annotations. */
export default defineDriver({
  name: 'grpc',
  workloads: { unary, stream, json },
  clients: { ...callClients, ...jsonClients },
  loopback,
})

export type { JsonOptions, StreamOptions, UnaryOptions } from './options.ts'
