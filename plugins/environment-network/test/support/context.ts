import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environmentContext, type TestContext } from '@cloudbench/fixtures/environment-context'
import { onTestFinished } from 'vitest'
import { type NetworkOptions, options } from '../../src/options.ts'

export function contextOf(input: Record<string, unknown>): TestContext<NetworkOptions> {
  return environmentContext(options.parse(input))
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
