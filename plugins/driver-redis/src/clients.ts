/** What may speak to the target. Only `wire` needs nothing else; a cluster is spoken to by `ioredis`. */
export const clients = {
  wire: {},
  ioredis: { package: 'ioredis' },
  'node-redis': { package: 'redis', isOptional: true },
} as const

export type ClientName = keyof typeof clients
