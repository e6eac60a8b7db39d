import type { Call } from '@cloudbench/core'
import { saltOf, uniform } from '@cloudbench/core/program'

/** What the random numbers of a flow's requests depend on. */
export function flowSalt(seed: number, flow: string): number {
  return saltOf(seed, 0, flow)
}

/** A call without a connection, for whatever makes requests of one. Draws the numbers that `send` would. */
export function callOf(
  index = 0,
  { traceparent, seed = 1, flow = 'test' }: { traceparent?: string; seed?: number; flow?: string } = {},
): Call {
  const salt = flowSalt(seed, flow)
  let draws = 0
  return { index, traceparent, random: () => uniform(salt, index, draws++) }
}
