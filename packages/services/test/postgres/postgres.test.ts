import { chmod, readdir, readFile, stat } from 'node:fs/promises'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { probePostgres } from '../../src/postgres/probe.ts'
import { definitionOf } from '../../src/table.ts'
import { isGone, leftovers, listen, programs, stateFolder, withoutPostgres } from '../helpers.ts'

const probe = (port: number) => probePostgres(port, 5_000, 'cloudbench')

/** A session of a client that stays; answers with what the server says first. */
async function session(port: number, name: string): Promise<{ socket: Socket; answer: string }> {
  const socket = connect({ host: '127.0.0.1', port })
  onTestFinished(() => void socket.destroy())
  socket.on('error', () => {})
  const body = Buffer.from(`\0\u0003\0\0user\0${name}\0database\0${name}\0\0`)
  socket.write(Buffer.concat([Buffer.from([0, 0, 0, 4 + body.length]), body]))
  const [data] = (await once(socket, 'data')) as [Buffer]
  return { socket, answer: data.toString('latin1') }
}

describe.skipIf(withoutPostgres)('postgres', () => {
  test('up, found, listed, and down without a trace', async () => {
    const stateDir = await stateFolder()
    const postgres = await startService('postgres', { stateDir, how: 'local' })
    expect(postgres).toMatchObject({ name: 'postgres', how: 'local', reused: false, notes: [] })
    expect(postgres.url).toMatch(/^postgres:\/\/cloudbench@127\.0\.0\.1:\d+\/cloudbench$/)
    expect(await findService('postgres', { stateDir })).toBe(postgres.url)
    expect(await listServices({ stateDir })).toMatchObject([{ pid: postgres.pid, usable: true }])
    expect(await startService('postgres', { stateDir })).toMatchObject({ url: postgres.url, reused: true })
    expect(await stopService('postgres', { stateDir })).toEqual({ stopped: true, url: postgres.url })
    expect(await isGone(postgres.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('it goes at once, and in order, although clients are still there', async () => {
    const stateDir = await stateFolder()
    const postgres = await startService('postgres', { stateDir, how: 'local', attached: true })
    const folder = (await readdir(stateDir)).find((entry) => entry.startsWith('postgres-')) ?? ''
    const log = join(stateDir, folder, 'postgres.log')
    const { socket } = await session(Number(new URL(postgres.url).port), 'cloudbench')
    const closed = once(socket, 'close')
    socket.resume()
    let lines = ''
    const watching = (async () => {
      // until the folder goes, with the server
      for (let text: string | undefined = ''; text !== undefined;) {
        lines = text === '' ? lines : text
        text = await readFile(log, 'utf8').catch(() => undefined)
      }
    })()
    await Promise.all([postgres.stop(), closed, watching])
    expect(lines).toContain('received fast shutdown request')
    expect(await isGone(postgres.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('only the role that owns the database gets in, and no superuser', async () => {
    const { url } = await startService('postgres', { stateDir: await stateFolder(), how: 'local' })
    const port = Number(new URL(url).port)
    expect((await session(port, 'cloudbench')).answer.startsWith(String(trusted))).toBe(true)
    expect((await session(port, 'postgres')).answer).toMatch(/^E.*no pg_hba\.conf entry/s)
  })

  test.skipIf(process.getuid?.() !== 0)('started by root, it runs as somebody else', async () => {
    const stateDir = await stateFolder()
    const { pid } = await startService('postgres', { stateDir, how: 'local' })
    expect((await stat(`/proc/${pid}`)).uid).not.toBe(0)
    // others may pass through the folder of all services, and see nothing in it
    expect((await stat(stateDir)).mode & 0o777).toBe(0o711)
  })

  test('its probe says which process it is', async () => {
    const service = await startService('postgres', {
      stateDir: await stateFolder(),
      how: 'local',
      attached: true,
    })
    onTestFinished(() => service.stop())
    expect(await probe(Number(new URL(service.url).port))).toEqual({ usable: true, pid: service.pid })
  })
})

test('an open port is not enough', async () => {
  const port = await listen(() => {})
  expect(await probePostgres(port, 50, 'cloudbench')).toEqual({
    usable: false,
    why: 'no answer to a greeting within 50 ms',
  })
  expect(await findService('postgres', { stateDir: await stateFolder(), port: await freePort() })).toBe(
    undefined,
  )
})

const message = (letter: string, body: string): Buffer => {
  const head = Buffer.alloc(5)
  head.write(letter)
  head.writeInt32BE(4 + body.length, 1)
  return Buffer.concat([head, Buffer.from(body, 'latin1')])
}
const trusted = message('R', '\0\0\0\0')
const ready = message('Z', 'I')

test.each([
  [Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'it does not speak the PostgreSQL protocol'],
  [Buffer.from([82, 0, 0, 0, 1]), 'it does not speak the PostgreSQL protocol'],
  [Buffer.from([82, 127, 255, 255, 255]), 'it does not speak the PostgreSQL protocol'],
  [message('R', ''), 'it wants a password'],
  [message('R', '\0\0\0\u0003'), 'it wants a password'],
  [
    message('E', 'SFATAL\0C57P03\0Mthe database system is starting up\0\0'),
    'the database system is starting up',
  ],
  [message('E', '\0'), 'it refuses, and does not say why'],
])('a server that says %j is not usable', async (answer, why) => {
  const port = await listen((socket) => socket.once('data', () => socket.write(answer)))
  expect(await probe(port)).toEqual({ usable: false, why })
})

test('a server that hangs up is not usable', async () => {
  const port = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await probe(port)).toMatchObject({ usable: false })
})

test('an answer in pieces is put together', async () => {
  // no process of PostgreSQL, so it is not told
  const key = message('K', `\0\0\0\u0001\0\0\0\0`)
  const bytes = Array.from(Buffer.concat([trusted, message('S', 'server_version\u000016\0'), key, ready]))
  const port = await listen((socket) => {
    socket.setNoDelay(true)
    const next = () => {
      const byte = bytes.shift()
      if (byte !== undefined) socket.write(Buffer.of(byte), () => setImmediate(next))
    }
    socket.once('data', next)
  })
  expect(await probe(port)).toEqual({ usable: true })
})

test('nothing to start it with, or nothing that works: the error says so, and nothing is left', async () => {
  const { local } = definitionOf('postgres')
  const env = await programs({
    postgres: '#!/bin/sh\nexit 3\n',
    initdb: '#!/bin/sh\necho "no luck today" >&2\nexit 1\n',
  })
  // whoever runs PostgreSQL must get at them
  await chmod((env['PATH'] ?? '').split(':')[0] ?? '', 0o755)
  const { folders } = local
  onTestFinished(() => void Object.assign(local, { folders }))
  Object.assign(local, { folders: async () => [] })
  const stateDir = await stateFolder()
  await expect(startService('postgres', { stateDir, env, how: 'local' })).rejects.toThrow(
    'postgres could not be started: the data of PostgreSQL could not be laid out: no luck today',
  )
  await expect(
    startService('postgres', { stateDir, env: { PATH: stateDir }, how: 'local' }),
  ).rejects.toMatchObject({
    message: 'postgres could not be started: postgres is not on the PATH',
    next: expect.stringContaining('apt-get install -y postgresql') as string,
  })
  expect(await leftovers(stateDir)).toEqual([])
})

test('Compose gets a server that only this machine reaches, with data in memory', () => {
  expect(definitionOf('postgres').compose(5_999)).toEqual({
    image: 'postgres:17-alpine',
    command: ['postgres', '-c', 'max_connections=500'],
    environment: {
      POSTGRES_USER: 'cloudbench',
      POSTGRES_DB: 'cloudbench',
      POSTGRES_HOST_AUTH_METHOD: 'trust',
    },
    ports: ['127.0.0.1:5999:5432'],
    tmpfs: ['/var/lib/postgresql/data'],
  })
})
