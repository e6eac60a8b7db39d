import type { Client } from '@cloudbench/core'

/** What calls are made with. */
export const clients = {
  wire: {},
  'grpc-js': { package: '@grpc/grpc-js' },
} satisfies Readonly<Record<string, Client>>

/** What requests in the form of HTTP/JSON are made with. */
export const jsonClients = { wire: clients.wire }
