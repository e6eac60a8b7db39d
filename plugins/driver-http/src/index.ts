import { defineDriver } from '@cloudbench/core'
import { clients } from './clients.ts'
import { jsonApi } from './workloads/json-api.ts'
import { request } from './workloads/request.ts'

/** HTTP/1.1 over connections that stay open, with JSON bodies generated from the seed. */
export default defineDriver({
  name: 'http',
  clients,
  workloads: { 'json-api': jsonApi, request },
  // loaded by the one process that serves it
  loopback: async (options) => (await import('./loopback/server.ts')).loopback(options),
})

export type { HttpOptions } from './options.ts'
