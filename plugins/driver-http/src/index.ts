import { defineDriver, defineWorkload } from '@cloudbench/core'
import { connect } from './workloads/connection.ts'
import { loopback } from './loopback/server.ts'
import { jsonApiOptions, requestOptions } from './options.ts'

/** HTTP/1.1 over connections that stay open, with JSON bodies generated from the seed. */
export default defineDriver({
  name: 'http',
  workloads: {
    'json-api': defineWorkload({
      description: 'POST a JSON body with a random UUID to /v1/data',
      options: jsonApiOptions,
      connect,
    }),
    request: defineWorkload({
      description: 'Any request: method, path, headers and body',
      options: requestOptions,
      connect,
    }),
  },
  loopback,
})

export type { HttpOptions } from './options.ts'
