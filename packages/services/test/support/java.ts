import { join } from 'node:path'
import { expect } from 'vitest'
import { startService } from '../../src/index.ts'
import { programs } from './programs.ts'
import { leftovers, stateFolder } from './state-folder.ts'

/** Java and Maven as scripts of our own, and an empty cache. */
export async function fakeJava(java: string, mvn?: string): Promise<NodeJS.ProcessEnv> {
  const env = await programs({
    java: `#!/bin/sh\n${java}\n`,
    ...(mvn !== undefined && { mvn: `#!/bin/sh\n${mvn}\n` }),
  })
  const folder = (env['PATH'] ?? '').split(':')[0] ?? ''
  return { PATH: mvn === undefined ? folder : env['PATH'], XDG_CACHE_HOME: join(folder, 'cache') }
}

/** Why Kafka does not start in this environment. */
export async function refusal(env: NodeJS.ProcessEnv, fetch = true): Promise<string> {
  const stateDir = await stateFolder()
  const message = await startService('kafka', { stateDir, env, how: 'local', fetch }).then(
    () => 'it did not fail',
    (error: { format(): string }) => error.format(),
  )
  expect(await leftovers(stateDir)).toEqual([])
  return message
}
