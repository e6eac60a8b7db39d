import { fileURLToPath } from 'node:url'
import type { EnvironmentContext, Facts, Launch } from '@cloudbench/core'
import { options as schema, type MemoryOptions } from '../src/options.ts'

/** The root of a synthetic machine. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/proc/${name}`, import.meta.url))
}

/** A launch draft as the agent hands it out. */
export function draft(total = 1, execArgv: string[] = []): Launch {
  return { worker: { index: 0, total }, wrap: [], execArgv, env: {} }
}

/** What the host passes to an environment, and the warnings it logged. */
export function contextOf(
  input: Record<string, unknown>,
  facts: Record<string, Facts> = {},
): EnvironmentContext<MemoryOptions> & { readonly warnings: string[] } {
  const warnings: string[] = []
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
  return { options: schema.parse(input), log, signal: new AbortController().signal, facts, warnings }
}
