import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { listServices, startService, stopService } from '../../src/index.ts'
import { fakeDocker, type DockerMode } from '../support/docker.ts'
import { withoutRedis } from '../support/installed.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { patienceMs } from '../support/wait.ts'

test('where a daemon answers, Compose brings it up and down', async () => {
  const docker = await fakeDocker('works')
  const { env } = docker
  const stateDir = await stateFolder(env)
  const redis = await startService('redis', { stateDir, env })
  expect(redis).toMatchObject({ how: 'compose', notes: [] })
  expect(redis.pid).toBeUndefined()
  expect(await listServices({ stateDir, timeoutMs: patienceMs })).toMatchObject([
    { how: 'compose', url: redis.url, usable: true },
  ])
  expect(await startService('redis', { stateDir, env, timeoutMs: patienceMs })).toMatchObject({
    url: redis.url,
    reused: true,
  })

  const folder = (await readdir(stateDir)).find((name) => name.startsWith('redis-')) ?? ''
  const file = join(stateDir, folder, 'compose.yaml')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  const content = JSON.parse(await readFile(file, 'utf8')) as { name: string }
  const project = content.name
  expect(project).toMatch(/^cloudbench-redis-[0-9a-f]{8}$/)
  expect(content).toEqual({
    name: project,
    services: {
      redis: {
        image: 'redis:7.2-alpine',
        command: ['sh', '-c', expect.stringContaining('\nrequirepass $$CLOUDBENCH_PASSWORD\n') as string],
        environment: { CLOUDBENCH_PASSWORD: new URL(redis.url).password },
        ports: [`127.0.0.1:${new URL(redis.url).port}:6379`],
        tmpfs: ['/data'],
      },
    },
  })

  expect(await stopService('redis', { stateDir, env })).toEqual({ stopped: true, url: redis.url })
  expect(await leftovers(stateDir)).toEqual([])
  const [info, version, ...rest] = await docker.calls()
  expect([info, version].map((call) => call?.join(' '))).toEqual(
    expect.arrayContaining(['compose version --short', 'info --format {{.ServerVersion}}']),
  )
  const compose = ['compose', '--project-name', project, '--file', file]
  expect(rest).toEqual([
    [...compose, 'up', '--detach'],
    [...compose, 'down', '--volumes', '--timeout', '5'],
    [...compose, 'ps', '--all', '--quiet'],
  ])
})

test('an attached one is stopped through Compose too', async () => {
  const { env } = await fakeDocker('works')
  const stateDir = await stateFolder(env)
  const redis = await startService('redis', { stateDir, env, attached: true })
  expect(redis).toMatchObject({ how: 'compose' })
  await redis.stop()
  expect(await leftovers(stateDir)).toEqual([])
})

const reasons: [DockerMode, string][] = [
  ['hangs', 'the Docker daemon did not answer within 2 s'],
  ['no-daemon', 'no Docker daemon answers'],
  ['no-version', 'no Docker daemon answers'],
  ['no-compose', 'docker has no compose plugin'],
  ['up-fails', 'docker compose: docker ended with exit code 18; its log ends with\n    pull access denied'],
]

describe.skipIf(withoutRedis)('redis', () => {
  test.each(reasons)('docker %s: the local server is started instead', async (mode, reason) => {
    const { env } = await fakeDocker(mode)
    const stateDir = await stateFolder(env)
    const redis = await startService('redis', { stateDir, env })
    expect(redis).toMatchObject({ how: 'local', notes: [reason] })
    await redis.stop()
    expect(await leftovers(stateDir)).toEqual([])
  })
})

test('when only Compose is allowed, the reason is the error', async () => {
  const { env } = await fakeDocker('no-daemon')
  await expect(
    startService('redis', { stateDir: await stateFolder(env), env, how: 'compose' }),
  ).rejects.toThrow('redis could not be started: no Docker daemon answers')
})
