import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, onTestFinished } from 'vitest'
import { serviceNames, stopService } from '../../src/index.ts'

/** Contains everything that trips up a shell. */
const awkward = `cloudbench $(it's) "a" test-`

/** A folder that is removed after the test, along with the services recorded in it. */
export async function stateFolder(env: NodeJS.ProcessEnv = process.env, prefix = awkward): Promise<string> {
  const stateDir = await createFolder(prefix)
  onTestFinished(() => removeFolder(stateDir, env))
  return stateDir
}

/** One for all tests of a `describe`, removed after the last of them. Vitest ignores an `afterAll` inside a `beforeAll`. */
export function sharedStateFolder(): () => string {
  let stateDir: string
  beforeAll(async () => {
    stateDir = await createFolder(awkward)
  })
  afterAll(() => removeFolder(stateDir, process.env))
  return () => stateDir
}

/** What a state folder still holds besides the state file itself. */
export async function leftovers(stateDir: string): Promise<string[]> {
  return (await readdir(stateDir)).filter((name) => name !== 'services.json')
}

async function createFolder(prefix: string): Promise<string> {
  return await realpath(await mkdtemp(join(tmpdir(), prefix)))
}

async function removeFolder(stateDir: string, env: NodeJS.ProcessEnv): Promise<void> {
  for (const name of serviceNames) await stopService(name, { stateDir, env })
  await rm(stateDir, { recursive: true, force: true })
}
