import type { Client } from '@cloudbench/core'

/** The values of the option `client`. */
export const clients = { wire: {}, undici: { package: 'undici' } } as const satisfies Record<string, Client>
