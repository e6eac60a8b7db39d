import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { json } from './workloads/json.ts'
import { stream } from './workloads/stream.ts'
import { unary } from './workloads/unary.ts'

/** gRPC: single calls, streams, and the same calls as HTTP/JSON by their annotations. */
export default defineDriver({
  name: 'grpc',
  workloads: { unary, stream, json },
  clients,
  // loaded by the one process that serves it
  loopback: async (options) => (await import('./loopback/server.ts')).loopback(options),
})

export type { JsonOptions, StreamOptions, UnaryOptions } from './options.ts'
