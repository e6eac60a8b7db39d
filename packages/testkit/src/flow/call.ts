import type { Call } from '@cloudbench/core'
import { saltOf, uniform } from '@cloudbench/core/program'

/** The salt of the random numbers of a flow's requests. */
export function flowSalt(seed: number, flow: string): number {
  return saltOf(seed, 0, flow)
}

/** A call without a connection, for code that builds requests from one. Draws the same numbers as `send`. */
export function callOf(index = 0, { seed = 1, flow = 'test' }: { seed?: number; flow?: string } = {}): Call {
  const salt = flowSalt(seed, flow)
  let draws = 0
  return { index, random: () => uniform(salt, index, draws++) }
}
