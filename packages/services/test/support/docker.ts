import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export type DockerMode = 'works' | 'hangs' | 'no-daemon' | 'no-version' | 'no-compose' | 'up-fails'

export interface FakeDocker {
  readonly env: NodeJS.ProcessEnv
  /** The arguments of every call so far. */
  calls(): Promise<string[][]>
}

/** A `docker` on the PATH that is a script of our own. */
export async function fakeDocker(mode: DockerMode): Promise<FakeDocker> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-docker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const log = join(folder, 'calls')
  await mkdir(join(folder, 'bin'))
  await copyFile(fileURLToPath(new URL('../fixtures/docker.sh', import.meta.url)), join(folder, 'bin/docker'))
  return {
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      FAKE_DOCKER: mode,
      FAKE_DOCKER_LOG: log,
      FAKE_DOCKER_NODE: process.execPath,
      FAKE_DOCKER_COMPOSE: fileURLToPath(new URL('../fixtures/compose.ts', import.meta.url)),
    },
    async calls() {
      const text = await readFile(log, 'utf8').catch(() => '')
      return text.split('\n\n').flatMap((call) => (call === '' ? [] : [call.split('\n')]))
    },
  }
}
