import { spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { isFree } from '../../src/machine/port.ts'
import { rabbitmq } from '../../src/rabbitmq/definition.ts'
import { fakeDocker } from '../support/docker.ts'
import { withoutRabbitmq } from '../support/installed.ts'
import { listenersOf } from '../support/listeners.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { eventually, isGone, patienceMs } from '../support/wait.ts'

/** Without what trips up a shell: RabbitMQ passes its path to one. */
const plainStateFolder = () => stateFolder(process.env, 'cloudbench rabbit-')

/** The port mapper's port of the one service in a state folder. */
async function epmdPort(stateDir: string): Promise<number> {
  const folder = (await leftovers(stateDir)).find((name) => name.startsWith('rabbitmq-')) ?? ''
  return Number(await readFile(join(stateDir, folder, 'epmd-port'), 'utf8'))
}

describe.skipIf(withoutRabbitmq)('rabbitmq', () => {
  test('up, found, on loopback only, and down without a trace, its port mapper included', async () => {
    const stateDir = await plainStateFolder()
    const crashed = await startService('rabbitmq', { stateDir, how: 'local' })
    const abandonedPort = await epmdPort(stateDir)
    process.kill(crashed.pid!, 'SIGKILL')
    await eventually(() => isGone(crashed.pid))
    expect(await isFree(abandonedPort)).toBe(false)

    // the next one ends what a crash has left behind
    const service = await startService('rabbitmq', { stateDir, how: 'local' })
    expect(await isFree(abandonedPort)).toBe(true)
    expect(service).toMatchObject({ name: 'rabbitmq', how: 'local', reused: false })
    expect(service.url).toMatch(/^amqp:\/\/cloudbench:[0-9a-f]{32}@127\.0\.0\.1:\d+$/)
    expect(await findService('rabbitmq', { stateDir, timeoutMs: patienceMs })).toBe(service.url)
    expect(await listServices({ stateDir, timeoutMs: patienceMs })).toMatchObject([
      { pid: service.pid, usable: true },
    ])
    const mapperPort = await epmdPort(stateDir)
    expect(await isFree(mapperPort)).toBe(false)
    if (process.platform === 'linux')
      // for clients, and for other nodes
      expect(await listenersOf(service.pid!)).toEqual(['loopback', 'loopback'])

    expect(await stopService('rabbitmq', { stateDir })).toEqual({ stopped: true, url: service.url })
    expect(await isGone(service.pid)).toBe(true)
    expect(await isFree(mapperPort)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('attached, it ends with a program that is killed', async () => {
    const stateDir = await plainStateFolder()
    const parent = spawn(
      process.execPath,
      [
        '--conditions=@cloudbench/source',
        fileURLToPath(new URL('../fixtures/attach-rabbitmq.ts', import.meta.url)),
        stateDir,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    )
    onTestFinished(() => void parent.kill('SIGKILL'))
    const [pid] = await new Promise<number[]>((resolve) => {
      parent.stdout.once('data', (data: Buffer) => resolve([Number(String(data))]))
    })
    const mapperPort = await epmdPort(stateDir)
    parent.kill('SIGKILL')
    await eventually(async () => (await isGone(pid)) && (await isFree(mapperPort)))
    await eventually(async () => (await leftovers(stateDir)).length === 0)
    expect(await isGone(pid)).toBe(true)
  })

  test('a folder name that would trip up a shell is refused before anything starts', async () => {
    const stateDir = await stateFolder()
    await expect(startService('rabbitmq', { stateDir, how: 'local' })).rejects.toThrow(
      /RabbitMQ cannot keep its data in .*: it passes the path to a shell/,
    )
    expect(await leftovers(stateDir)).toEqual([])
  })
})

test('Compose publishes it on loopback only, with the plugin for AMQP 1.0', async () => {
  expect(rabbitmq.compose(4711, 'pw')).toEqual({
    image: 'rabbitmq:3.13-alpine',
    environment: {
      RABBITMQ_ENABLED_PLUGINS: 'rabbitmq_amqp1_0',
      RABBITMQ_DEFAULT_USER: 'cloudbench',
      RABBITMQ_DEFAULT_PASS: 'pw',
    },
    ports: ['127.0.0.1:4711:5672'],
    tmpfs: ['/var/lib/rabbitmq'],
  })
  const { env } = await fakeDocker('no-daemon')
  const stateDir = await stateFolder(env)
  await expect(startService('rabbitmq', { stateDir, env, how: 'compose' })).rejects.toThrow(
    'rabbitmq could not be started: no Docker daemon answers',
  )
})
