import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { loopback } from './loopback/server.ts'
import { jsonApi } from './workloads/json-api.ts'
import { request } from './workloads/request.ts'

/** HTTP/1.1 over connections that stay open, with JSON bodies generated from the seed. */
export default defineDriver({
  name: 'http',
  clients,
  workloads: { 'json-api': jsonApi, request },
  loopback,
})

export type { HttpOptions } from './options.ts'
