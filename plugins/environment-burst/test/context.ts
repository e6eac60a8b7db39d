import type { EnvironmentContext, Facts } from '@cloudbench/core'
import { type BurstOptions, options as schema } from '../src/options.ts'

/** What the host passes to an environment, and the warnings it logged. */
export function contextOf(
  input: Record<string, unknown>,
  facts: Record<string, Facts> = {},
): EnvironmentContext<BurstOptions> & { readonly warnings: string[] } {
  const warnings: string[] = []
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
  return { options: schema.parse(input), log, signal: new AbortController().signal, facts, warnings }
}
