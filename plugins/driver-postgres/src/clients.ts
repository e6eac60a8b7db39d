import type { Client } from '@cloudbench/core'

/** The ways to speak to a server. */
export const clients = {
  wire: {},
  pg: { package: 'pg' },
  'postgres.js': { package: 'postgres', isOptional: true },
} satisfies Readonly<Record<string, Client>>
