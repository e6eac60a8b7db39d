import { spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findProgram } from '../../src/machine/command.ts'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { freePort, isFree } from '../../src/machine/port.ts'
import { rabbitmq } from '../../src/rabbitmq/definition.ts'
import { fakeDocker, isGone, leftovers, eventually, listen, stateFolder } from '../helpers.ts'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('rabbitmq')
const withoutRabbitmq = !required && (await findProgram(rabbitmq.local.binaries, process.env)) === undefined

/** Without what a shell would trip over: RabbitMQ hands its path to one. */
async function plainStateFolder(): Promise<string> {
  const stateDir = await mkdtemp(join(tmpdir(), 'cloudbench rabbit-'))
  onTestFinished(async () => {
    await stopService('rabbitmq', { stateDir })
    await rm(stateDir, { recursive: true, force: true })
  })
  return stateDir
}

/** Of the one service in a state folder. */
async function epmdPort(stateDir: string): Promise<number> {
  const folder = (await leftovers(stateDir)).find((name) => name.startsWith('rabbitmq-')) ?? ''
  return Number(await readFile(join(stateDir, folder, 'epmd-port'), 'utf8'))
}

/** Local addresses, in the kernel's hexadecimal, that a process listens on. */
async function listenersOf(pid: number): Promise<string[]> {
  const folder = `/proc/${pid}/fd`
  const links = await Promise.all(
    (await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')),
  )
  const inodes = new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8')))
  return tables
    .flatMap((table) => table.split('\n').slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === '0A' && inodes.has(fields[9] ?? ''))
    .map((fields) => fields[1]?.split(':')[0] ?? '')
}

const timeout = 90_000

describe.skipIf(withoutRabbitmq)('rabbitmq', () => {
  test(
    'up, found, on loopback only, and down without a trace, its port mapper included',
    { timeout },
    async () => {
      const stateDir = await plainStateFolder()
      const service = await startService('rabbitmq', { stateDir, how: 'local' })
      expect(service).toMatchObject({ name: 'rabbitmq', how: 'local', reused: false })
      expect(service.url).toMatch(/^amqp:\/\/127\.0\.0\.1:\d+$/)
      expect(await findService('rabbitmq', { stateDir })).toBe(service.url)
      expect(await listServices({ stateDir })).toMatchObject([{ pid: service.pid, usable: true }])
      const mapperPort = await epmdPort(stateDir)
      expect(await isFree(mapperPort)).toBe(false)
      if (process.platform === 'linux')
        // for clients, and for other nodes
        expect(await listenersOf(service.pid!)).toEqual(['0100007F', '0100007F'])

      expect(await stopService('rabbitmq', { stateDir })).toEqual({ stopped: true, url: service.url })
      expect(await isGone(service.pid)).toBe(true)
      expect(await isFree(mapperPort)).toBe(true)
      expect(await leftovers(stateDir)).toEqual([])
    },
  )

  test(
    'a server that has crashed leaves no port mapper to whoever starts the next',
    { timeout },
    async () => {
      const stateDir = await plainStateFolder()
      const first = await startService('rabbitmq', { stateDir, how: 'local' })
      const mapperPort = await epmdPort(stateDir)
      process.kill(first.pid!, 'SIGKILL')
      await eventually(() => isGone(first.pid))
      expect(await isFree(mapperPort)).toBe(false)
      const second = await startService('rabbitmq', { stateDir, how: 'local' })
      expect(second.reused).toBe(false)
      expect(await isFree(mapperPort)).toBe(true)
      await second.stop()
      expect(await leftovers(stateDir)).toEqual([])
    },
  )

  test('attached, it ends with a program that is killed', { timeout }, async () => {
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

  test(
    'a folder that a shell would trip over is refused before anything is started',
    { timeout },
    async () => {
      const stateDir = await stateFolder()
      await expect(startService('rabbitmq', { stateDir, how: 'local' })).rejects.toThrow(
        /RabbitMQ cannot keep its data in .*: it hands the path to a shell/,
      )
      expect(await leftovers(stateDir)).toEqual([])
    },
  )
})

test('Compose publishes it on loopback only, with the plugin for AMQP 1.0', async () => {
  expect(rabbitmq.compose(4711)).toEqual({
    image: 'rabbitmq:3.13-alpine',
    environment: { RABBITMQ_ENABLED_PLUGINS: 'rabbitmq_amqp1_0' },
    ports: ['127.0.0.1:4711:5672'],
    tmpfs: ['/var/lib/rabbitmq'],
  })
  const { env } = await fakeDocker('no-daemon')
  const stateDir = await stateFolder(env)
  await expect(startService('rabbitmq', { stateDir, env, how: 'compose' })).rejects.toThrow(
    'rabbitmq could not be started: no Docker daemon answers',
  )
})

const header = (...version: readonly number[]): Buffer => Buffer.from([...Buffer.from('AMQP'), ...version])
const sasl = header(3, 1, 0, 0)
/** A list of one symbol, as the mechanisms of a server. */
const mechanisms = (name: string): Buffer => {
  const frame = Buffer.from([
    0,
    0,
    0,
    0,
    2,
    1,
    0,
    0,
    0,
    0x53,
    0x40,
    0xc0,
    name.length + 3,
    1,
    0xa3,
    name.length,
    ...Buffer.from(name),
  ])
  frame.writeUInt32BE(frame.length)
  return frame
}
const outcome = (code: number): Buffer =>
  Buffer.from([0, 0, 0, 16, 2, 1, 0, 0, 0, 0x53, 0x44, 0xc0, 3, 1, 0x50, code])
const open = (product: string): Buffer => {
  const frame = Buffer.from([
    0,
    0,
    0,
    0,
    2,
    0,
    0,
    0,
    0,
    0x53,
    0x10,
    0xc0,
    product.length + 3,
    1,
    0xa1,
    product.length,
    ...Buffer.from(product),
  ])
  frame.writeUInt32BE(frame.length)
  return frame
}
const amqp = header(0, 1, 0, 0)

describe('the probe', () => {
  const answering =
    (...answers: readonly Buffer[]) =>
    (socket: Socket): void => {
      let next = 0
      socket.on('data', () => {
        const answer = answers[next++]
        if (answer) socket.write(answer)
      })
    }

  test.each([
    ['HTTP', [Buffer.from('HTTP/1.1 400 Bad Request\r\n')], 'it does not speak AMQP'],
    [
      'a RabbitMQ without the plugin',
      [header(0, 0, 9, 1)],
      'it speaks another version of AMQP; is the plugin rabbitmq_amqp1_0 enabled?',
    ],
    ['a broker without ANONYMOUS', [Buffer.concat([sasl, mechanisms('PLAIN')])], 'it wants a user'],
    [
      'a broker that refuses the guest',
      [Buffer.concat([sasl, mechanisms('ANONYMOUS')]), outcome(1)],
      'it wants a user',
    ],
    [
      'another broker',
      [Buffer.concat([sasl, mechanisms('ANONYMOUS')]), Buffer.concat([outcome(0), amqp]), open('Artemis')],
      'it is another AMQP 1.0 broker',
    ],
    ['nonsense', [Buffer.concat([sasl, outcome(0)])], 'it answers with something else than mechanisms'],
  ])('%s is not usable', async (_, answers, why) => {
    const port = await listen(answering(...answers))
    expect(await rabbitmq.probe(port, 5_000)).toEqual({ usable: false, why })
  })

  test('a RabbitMQ is, also when its answers come in pieces', async () => {
    const port = await listen((socket) => {
      socket.setNoDelay(true)
      const parts = [
        Buffer.concat([sasl, mechanisms('ANONYMOUS')]),
        Buffer.concat([outcome(0), amqp]),
        open('RabbitMQ'),
      ]
      let unsent: number[] = []
      const pump = (): void => {
        const byte = unsent.shift()
        if (byte !== undefined) socket.write(Buffer.from([byte]), () => setImmediate(pump))
      }
      socket.on('data', () => {
        const isIdle = unsent.length === 0
        unsent = [...unsent, ...(parts.shift() ?? [])]
        if (isIdle) pump()
      })
    })
    expect(await rabbitmq.probe(port, 5_000)).toEqual({ usable: true })
  })

  test('nobody, and somebody who says nothing or hangs up, is not', async () => {
    expect(await rabbitmq.probe(await freePort(), 5_000)).toMatchObject({ usable: false })
    expect(await rabbitmq.probe(await listen(() => {}), 50)).toEqual({
      usable: false,
      why: 'it did not let us in within 50 ms',
    })
    const hangingUp = await listen((socket) => socket.once('data', () => socket.end()))
    expect(await rabbitmq.probe(hangingUp, 5_000)).toMatchObject({ usable: false })
  })
})
