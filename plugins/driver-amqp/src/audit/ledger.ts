import type { AuditResult, Shareable, TaskContext } from '@cloudbench/core'
import { finding } from '@cloudbench/driver-kit'
import { createMarks } from './marks.ts'

const acknowledgedMark = 1
const receivedMark = 2

/** A request whose message may come back. */
export interface Addressee {
  /** That of the message in flight, if any. */
  readonly sequence: number
  arrived(): void
}

/**
 * What one connection has sent, including its reconnections: a byte for each message, and nothing for old ones that were
 * acknowledged and received.
 */
export interface Track {
  readonly id: number
  /** The requests of the connection that is open now, by the number that messages carry. */
  addressees: readonly Addressee[]
  /** Counts from 1. */
  nextSequence(): number
  acknowledged(sequence: number): void
  /** @param isRedelivered The broker says that it may have delivered the message before. */
  received(sequence: number, isRedelivered: boolean): void
  /** A message arrived after a later one of the same connection. */
  outOfOrder(sequence: number, after: number): void
  /** Whether a message with that number can have been sent. */
  hasSent(sequence: number): boolean
  /** How many acknowledged messages have not been received. */
  missing(): number
  counts(): TrackCounts
}

interface TrackCounts {
  readonly acknowledged: number
  readonly received: number
  readonly twice: number
  readonly disordered: number
  /** One sentence about the first violation of each kind. */
  readonly examples: { readonly twice: string | undefined; readonly disordered: string | undefined }
}

/** What one worker has sent to a queue and received from it. */
export interface Ledger extends Shareable {
  /** Messages carry this number, which tells them from those of other runs and workers. */
  readonly run: number
  /** Returns the same track for the same owner, such as the third connection of a flow. */
  openTrack(flow: string, connection: number): Track
  track(id: number): Track | undefined
  tracksOf(flow: string): readonly Track[]
}

/** The ledger of a queue, which all flows of a worker share. It outlives an outage in which every connection is closed. */
export async function ledgerOf({ share }: TaskContext, queue: string): Promise<Ledger> {
  return await share(`amqp ledger ${queue}`, createLedger)
}

export function createLedger(): Ledger {
  const tracks: Track[] = []
  const byOwner = new Map<string, Track>()
  const byFlow = new Map<string, Track[]>()
  return {
    run: Math.floor(Math.random() * 0xffff_ffff),
    openTrack(flow, connection) {
      const owner = `${flow}\n${connection}`
      let track = byOwner.get(owner)
      if (track === undefined) {
        track = createTrack(tracks.length)
        tracks.push(track)
        byOwner.set(owner, track)
        byFlow.set(flow, [...(byFlow.get(flow) ?? []), track])
      }
      return track
    },
    track: (id) => tracks[id],
    tracksOf: (flow) => byFlow.get(flow) ?? [],
    close() {},
  }
}

function createTrack(id: number): Track {
  const { add: mark, countOnly } = createMarks()
  let sequence = 0
  let acknowledged = 0
  let received = 0
  let twice = 0
  let exampleTwice: string | undefined
  let disordered = 0
  let exampleDisordered: string | undefined

  return {
    id,
    addressees: [],
    nextSequence: () => ++sequence,
    hasSent: (number) => Number.isInteger(number) && number >= 1 && number <= sequence,
    acknowledged(number) {
      if ((mark(number, acknowledgedMark) & acknowledgedMark) === 0) acknowledged++
    },
    received(number, isRedelivered) {
      if ((mark(number, receivedMark) & receivedMark) === 0) {
        received++
        return
      }
      if (isRedelivered) return
      twice++
      exampleTwice ??= `message ${number} of sender ${id} came twice`
    },
    outOfOrder(number, after) {
      disordered++
      exampleDisordered ??= `message ${number} of sender ${id} came after message ${after}`
    },
    missing: () => countOnly(acknowledgedMark),
    counts: () => ({
      acknowledged,
      received,
      twice,
      disordered,
      examples: { twice: exampleTwice, disordered: exampleDisordered },
    }),
  }
}

/** What the ledger says about loss, duplicates and order. */
export function findings(tracks: readonly Track[]): readonly AuditResult[] {
  const counts = tracks.map((track) => track.counts())
  const sum = (read: (counts: TrackCounts) => number): number =>
    counts.reduce((total, each) => total + read(each), 0)
  const missing = tracks.reduce((total, track) => total + track.missing(), 0)
  return [
    finding(
      'acknowledged messages are received',
      sum(({ acknowledged }) => acknowledged),
      missing,
      `${missing} acknowledged messages are gone`,
    ),
    finding(
      'no message is received twice',
      sum(({ received }) => received),
      sum(({ twice }) => twice),
      counts.find(({ examples }) => examples.twice !== undefined)?.examples.twice,
    ),
    finding(
      'messages arrive in the order in which they were sent',
      sum(({ received }) => received),
      sum(({ disordered }) => disordered),
      counts.find(({ examples }) => examples.disordered !== undefined)?.examples.disordered,
    ),
  ]
}
