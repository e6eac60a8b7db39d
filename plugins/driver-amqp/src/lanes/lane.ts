import type { TaskContext } from '@cloudbench/core'
import type { AmqpOptions } from '../options.ts'
import type { Envelope } from '../payload/envelope.ts'
import type { MessageListener } from './message.ts'
import type { Parcel } from './parcel.ts'

/** What a connection is for. */
export interface LaneOptions {
  readonly queue: string
  /** What it sends. Absent: it has no link that sends. */
  readonly envelope?: Envelope | undefined
  /** Absent: it has no link that receives. */
  readonly receivers?: Receivers
}

export interface Receivers {
  /** How many links. */
  readonly count: number
  /** How many messages a broker may send ahead on each, at any time. Absent: as many as it is given credit for. */
  readonly keptCredit?: number
  readonly listener: MessageListener
}

/** An open connection to a broker, with its links to one queue: one way to speak AMQP, of which `client` chooses. */
export interface Lane {
  /** Rejects when the connection breaks before it is closed. A promise, so that no one can ask for it too late. */
  readonly broken: Promise<never>
  /** Takes a parcel whose numbers are set, and keeps it until the broker has settled it. */
  send(parcel: Parcel): void
  /** Lets a broker send that many more messages on a link. */
  addCredit(receiver: number, count: number): void
  close(): Promise<void>
}

/** Opens one lane: connects, authenticates, and attaches the links. */
export type OpenLane = (context: TaskContext<AmqpOptions>, options: LaneOptions) => Promise<Lane>

/**
 * Opens a connection on the lane of the option `client`.
 * @throws CloudbenchError that says why the broker cannot be used.
 */
export const openLane: OpenLane = async (context, options) => {
  const open = await openers[context.options.client]()
  return await open(context, options)
}

/** Loaded when a flow uses them. */
const openers: Readonly<Record<AmqpOptions['client'], () => Promise<OpenLane>>> = {
  wire: async () => (await import('./wire.ts')).openWireLane,
  rhea: async () => (await import('./rhea.ts')).openRheaLane,
}
