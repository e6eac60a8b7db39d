import type { EnvironmentContext, Facts, Launch } from '@cloudbench/core'
import { options as schema, type NumaOptions } from '../src/options.ts'

/** A launch draft as the agent hands it out. */
export function draft(index = 0, total = 1): Launch {
  return { worker: { index, total }, wrap: [], execArgv: [], env: {} }
}

/** What the host passes to an environment, and the warnings it logged. */
export function contextOf(
  input: Record<string, unknown>,
  facts: Record<string, Facts> = {},
): EnvironmentContext<NumaOptions> & { readonly warnings: string[] } {
  const warnings: string[] = []
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
  return { options: schema.parse(input), log, signal: new AbortController().signal, facts, warnings }
}
