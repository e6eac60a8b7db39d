import type { Connection, Outcome, Slot } from '@cloudbench/core'

export interface SlotOptions {
  readonly index?: number
  readonly seed?: number
  readonly traceparent?: string
}

/** Sends one request and waits for its answer; rejects with what the driver calls the failure. */
export function send(connection: Connection, options: SlotOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    connection.issue!(slotOf(options, resolve, reject))
  })
}

/** A slot whose random numbers depend on seed, arrival and draw, as the host's do. */
export function slotOf(
  { index = 0, seed = 1, traceparent }: SlotOptions,
  done: (outcome: Outcome) => void,
  fail: (error: unknown) => void,
): Slot {
  let draws = 0
  return { index, traceparent, random: () => uniform(seed, index, draws++), done, fail }
}

function uniform(seed: number, index: number, draw: number): number {
  let hash =
    Math.imul(seed ^ 0x9e37_79b1, 0x85eb_ca6b) ^
    Math.imul(index + 1, 0xc2b2_ae35) ^
    Math.imul(draw + 1, 0x27d4_eb2f)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d)
  hash = Math.imul(hash ^ (hash >>> 12), 0x297a_2d39)
  return ((hash ^ (hash >>> 15)) >>> 0) / 4_294_967_296
}
