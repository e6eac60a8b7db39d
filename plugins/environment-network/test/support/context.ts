import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { EnvironmentContext } from '@cloudbench/core'
import { onTestFinished } from 'vitest'
import { options as schema, type NetworkOptions } from '../../src/options.ts'

/** What the host passes to an environment, and the warnings it logged. */
export function contextOf(
  input: Record<string, unknown>,
): EnvironmentContext<NetworkOptions> & { readonly warnings: string[] } {
  const warnings: string[] = []
  const log = { debug() {}, info() {}, warn: (message: string) => void warnings.push(message) }
  return { options: schema.parse(input), log, signal: new AbortController().signal, facts: {}, warnings }
}

/** Has this process keep its journals in a folder of their own, which is returned, until the test ends. */
export function ownJournals(): string {
  const before = process.env['XDG_STATE_HOME']
  const state = mkdtempSync(join(tmpdir(), 'cloudbench-journals-'))
  process.env['XDG_STATE_HOME'] = state
  onTestFinished(() => {
    if (before === undefined) delete process.env['XDG_STATE_HOME']
    else process.env['XDG_STATE_HOME'] = before
    rmSync(state, { recursive: true, force: true })
  })
  return join(state, 'cloudbench/network')
}
