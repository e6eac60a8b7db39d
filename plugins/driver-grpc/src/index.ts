import { defineDriver, defineWorkload } from '@cloudbench/core'
import { audit } from './audit/audit.ts'
import { connectStream, connectUnary } from './workloads/connection.ts'
import { connectJson } from './workloads/json.ts'
import { loopback } from './loopback/server.ts'
import { jsonOptions, streamOptions, unaryOptions } from './options.ts'

/** gRPC: one message there and one back, streams, and the same calls as HTTP/JSON by their annotations. */
export default defineDriver({
  name: 'grpc',
  workloads: {
    unary: defineWorkload({
      description: 'One message there, one message back',
      options: unaryOptions,
      connect: connectUnary,
      audit,
    }),
    stream: defineWorkload({
      description: 'A stream of messages there, or back, or both',
      options: streamOptions,
      connect: connectStream,
      audit,
    }),
    json: defineWorkload({
      description: 'The same calls as HTTP/JSON, by their google.api.http annotations',
      options: jsonOptions,
      connect: connectJson,
      audit,
    }),
  },
  loopback,
})

export type { JsonOptions, StreamOptions, UnaryOptions } from './options.ts'
