import { defineDriver, defineWorkload } from '@cloudbench/core'
import { connectUnary } from './connection.ts'
import { loopback } from './loopback.ts'
import { unaryOptions } from './options.ts'

/** gRPC: one message there and one back, streams, and the same calls as HTTP/JSON by their annotations. */
export default defineDriver({
  name: 'grpc',
  workloads: {
    unary: defineWorkload({
      description: 'One message there, one message back',
      options: unaryOptions,
      connect: connectUnary,
    }),
  },
  loopback,
})

export type { GrpcOptions } from './options.ts'
