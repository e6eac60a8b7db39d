import type { Client } from '@cloudbench/core'

/** What speaks AMQP to the target; the first one is the default. */
export const clients = {
  wire: {},
  rhea: { package: 'rhea' },
} as const satisfies Readonly<Record<string, Client>>
