import { once } from 'node:events'
import { chmod, stat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { findService, listServices, startService, stopService, type RunningService } from '../../src/index.ts'
import { probePostgres } from '../../src/postgres/probe.ts'
import { scram } from '../../src/postgres/scram.ts'
import { definitionOf } from '../../src/table.ts'
import { withoutPostgres } from '../support/installed.ts'
import { listenersOf } from '../support/listeners.ts'
import { programs } from '../support/programs.ts'
import { leftovers, sharedStateFolder, stateFolder } from '../support/state-folder.ts'
import { isGone, patienceMs } from '../support/wait.ts'

/** A client session that stays open; `answer` is what the server says first. */
async function session(port: number, name: string): Promise<{ socket: Socket; answer: string }> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  const body = Buffer.from(`\0\u0003\0\0user\0${name}\0database\0${name}\0\0`)
  socket.write(Buffer.concat([Buffer.from([0, 0, 0, 4 + body.length]), body]))
  const [data] = (await once(socket, 'data')) as [Buffer]
  return { socket, answer: data.toString('latin1') }
}

/** Answers what the server asks for, up to the end of the dialogue. */
async function login(socket: Socket, password: string): Promise<void> {
  const { first, answer } = scram(password)
  const say = (...parts: readonly Buffer[]): void => {
    const body = Buffer.concat(parts)
    socket.write(Buffer.concat([Buffer.from([112, 0, 0, 0, 4 + body.length]), body]))
  }
  say(Buffer.from(`SCRAM-SHA-256\0\0\0\0${String.fromCharCode(first.length)}${first}`))
  const [challenge] = (await once(socket, 'data')) as [Buffer]
  say(Buffer.from(answer(challenge.toString('latin1', 9)) ?? ''))
  await once(socket, 'data')
}

describe.skipIf(withoutPostgres)('postgres', () => {
  test('up, found, listed, and down without a trace', async () => {
    const stateDir = await stateFolder()
    const postgres = await startService('postgres', { stateDir, how: 'local' })
    expect(postgres).toMatchObject({ name: 'postgres', how: 'local', reused: false, notes: [] })
    expect(postgres.url).toMatch(/^postgres:\/\/cloudbench:[0-9a-f]{32}@127\.0\.0\.1:\d+\/cloudbench$/)
    expect(await findService('postgres', { stateDir, timeoutMs: patienceMs })).toBe(postgres.url)
    expect(await listServices({ stateDir, timeoutMs: patienceMs })).toMatchObject([
      { pid: postgres.pid, usable: true },
    ])
    expect(await startService('postgres', { stateDir, timeoutMs: patienceMs })).toMatchObject({
      url: postgres.url,
      reused: true,
    })
    expect(await stopService('postgres', { stateDir })).toEqual({ stopped: true, url: postgres.url })
    expect(await isGone(postgres.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('it shuts down at once, and cleanly, while clients are still connected', async () => {
    const stateDir = await stateFolder()
    const postgres = await startService('postgres', { stateDir, how: 'local', attached: true })
    const { port, password } = new URL(postgres.url)
    const { socket } = await session(Number(port), 'cloudbench')
    await login(socket, password)
    const received: Buffer[] = []
    socket.on('data', (chunk: Buffer) => received.push(chunk))
    await Promise.all([postgres.stop(), once(socket, 'close')])
    // admin_shutdown: a server that is killed, or waits for its clients, does not send it
    expect(Buffer.concat(received).toString('latin1')).toContain('57P01')
    expect(await isGone(postgres.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  describe('that runs', () => {
    const stateDir = sharedStateFolder()
    let service: RunningService
    beforeAll(async () => {
      service = await startService('postgres', { stateDir: stateDir(), how: 'local' })
    })
    const portOf = (): number => Number(new URL(service.url).port)

    test('lets in only the role that owns the database, and no superuser', async () => {
      // AuthenticationSASL
      expect((await session(portOf(), 'cloudbench')).answer.slice(5)).toBe('\0\0\0\nSCRAM-SHA-256\0\0')
      expect((await session(portOf(), 'postgres')).answer).toMatch(/^E.*no pg_hba\.conf entry/s)
    })

    test.skipIf(process.getuid?.() !== 0)('and was started by root has another user', async () => {
      expect((await stat(`/proc/${service.pid}`)).uid).not.toBe(0)
      // others may pass through the folder of all services, and see nothing in it
      expect((await stat(stateDir())).mode & 0o777).toBe(0o711)
    })

    test('tells the probe which process it is', async () => {
      const { password } = new URL(service.url)
      expect(await probePostgres(portOf(), patienceMs, 'cloudbench', password)).toEqual({
        usable: true,
        pid: service.pid,
      })
      expect(await probePostgres(portOf(), patienceMs, 'cloudbench', 'another')).toEqual({
        usable: false,
        why: 'password authentication failed for user "cloudbench"',
      })
    })

    test.skipIf(process.platform !== 'linux')('listens on 127.0.0.1 and nowhere else', async () => {
      expect(await listenersOf(service.pid!)).toEqual(['loopback'])
    })
  })
})

test('nothing to start it with, or nothing that works: the error says so, and nothing is left', async () => {
  const { local } = definitionOf('postgres')
  const env = await programs({
    postgres: '#!/bin/sh\nexit 3\n',
    initdb: '#!/bin/sh\necho "no luck today" >&2\nexit 1\n',
  })
  // the user that runs PostgreSQL must be able to reach them
  await chmod((env['PATH'] ?? '').split(':')[0] ?? '', 0o755)
  const { folders } = local
  onTestFinished(() => void Object.assign(local, { folders }))
  Object.assign(local, { folders: async () => [] })
  const stateDir = await stateFolder()
  await expect(startService('postgres', { stateDir, env, how: 'local' })).rejects.toThrow(
    'postgres could not be started: initdb could not create the data folder of PostgreSQL: no luck today',
  )
  await expect(
    startService('postgres', { stateDir, env: { PATH: stateDir }, how: 'local' }),
  ).rejects.toMatchObject({
    message: 'postgres could not be started: postgres is not on the PATH',
    next: expect.stringContaining('apt-get install -y postgresql') as string,
  })
  expect(await leftovers(stateDir)).toEqual([])
})

test('Compose gets a server that only this machine can reach, with data in memory', () => {
  expect(definitionOf('postgres').compose(5_999, 'pw')).toEqual({
    image: 'postgres:17-alpine',
    command: ['postgres', '-c', 'max_connections=500'],
    environment: {
      POSTGRES_USER: 'cloudbench',
      POSTGRES_DB: 'cloudbench',
      POSTGRES_PASSWORD: 'pw',
      POSTGRES_HOST_AUTH_METHOD: 'scram-sha-256',
    },
    ports: ['127.0.0.1:5999:5432'],
    tmpfs: ['/var/lib/postgresql/data'],
  })
})
