import type { DriverContext, Slot } from '@cloudbench/core'
import type { ClientName } from '../clients.ts'
import type { RedisOptions } from '../options.ts'
import type { Keyspace } from '../payload/keyspace.ts'
import type { Judge } from '../workloads/judge.ts'
import type { Planner } from '../workloads/planner.ts'

/** One connection to the target, as one of the driver's clients keeps it. */
export interface Lane {
  /** Sends the request that has just been planned, and answers the slot. */
  send(slot: Slot): void
  close(): Promise<void>
}

/** What a connection sends, and what is made of the replies. */
export interface Load {
  readonly planner: Planner
  readonly keyspace: Keyspace
  readonly judge: Judge
}

export type OpenLane = (context: DriverContext<RedisOptions>, load: Load) => Promise<Lane>

/** A run loads the lane that it uses, and no other. */
const lanes: Readonly<Record<ClientName, () => Promise<OpenLane>>> = {
  wire: async () => (await import('./wire.ts')).openWire,
  ioredis: async () => (await import('./ioredis.ts')).openIoredis,
  'node-redis': async () => (await import('./node-redis.ts')).openNodeRedis,
}

/** Opens a connection by the client that the options name. */
export const openLane: OpenLane = async (context, load) => {
  const open = await lanes[context.options.client]()
  return await open(context, load)
}
