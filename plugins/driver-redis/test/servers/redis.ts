import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { LoopbackOptions } from '@cloudbench/core'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { freePort } from '@cloudbench/fixtures/free-port'
import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'
import { clients, type ClientName } from '../../src/clients.ts'
import driver from '../../src/index.ts'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('redis')

/** Tests with a real Redis are skipped where none is installed, unless the environment requires one. */
export const withoutRedis =
  !required &&
  !(process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'redis-server')))

interface RealOptions {
  readonly flags?: readonly string[]
  readonly password?: string
  readonly hasTls?: boolean
  /** Takes what ends the server. @default vitest's `onTestFinished` */
  readonly atEnd?: (close: () => Promise<void>) => void
}

export interface RealRedis {
  readonly url: string
  /** An ordinary client for the test itself. */
  readonly client: Redis
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port, without data. */
  start(): Promise<void>
}

/** The same tests run on all of them, because a lane may change nothing but what a request costs. */
export const lanes = Object.keys(clients) as readonly ClientName[]

/** The same tests run on both, because the loopback must behave like the real server. */
export const targets = [
  { name: 'a real Redis', start: async () => (await realRedis()).url, skipped: withoutRedis },
  { name: 'the loopback', start: async () => await loopbackUrl(), skipped: false },
] as const

/** The driver's own server, closed with the test. */
export async function loopbackUrl(options: LoopbackOptions = {}): Promise<string> {
  return (await loopbackServer(driver, options)).target
}

/** Starts a Redis on loopback that ends with the test. */
export async function realRedis({
  flags = [],
  password,
  hasTls = false,
  atEnd = onTestFinished,
}: RealOptions = {}): Promise<RealRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-redis-'))
  const port = await lowPort()
  const args = [
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    folder,
    ...(hasTls ? tlsFlags(port) : ['--port', String(port)]),
    ...(password === undefined ? [] : ['--requirepass', password]),
    ...flags,
  ]
  let running = launch(args)
  const kill = (): Promise<void> => running.kill()
  const client = new Redis({
    port,
    host: hasTls ? 'localhost' : '127.0.0.1',
    lazyConnect: true,
    ...(hasTls && { tls: { ca: readFileSync(certificateFile('authority.pem')) } }),
    ...(password !== undefined && { password }),
  })
  client.on('error', () => {})
  atEnd(async () => {
    client.disconnect()
    await kill()
    await rm(folder, { recursive: true, force: true })
  })
  await untilReady(client, running)
  return {
    url: hasTls ? `rediss://localhost:${port}` : `redis://127.0.0.1:${port}`,
    client,
    kill,
    async start() {
      running = launch(args)
      await untilReady(client, running)
    },
  }
}

interface Running {
  readonly hasEnded: boolean
  kill(): Promise<void>
}

function launch(args: readonly string[]): Running {
  const child = spawn('redis-server', args, { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve())
    child.once('error', () => resolve())
  })
  return {
    get hasEnded() {
      return child.exitCode !== null
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

async function untilReady(client: Redis, running: Running): Promise<void> {
  const untilMs = performance.now() + 120_000
  while ((await client.ping().catch(() => '')) !== 'PONG') {
    if (running.hasEnded || performance.now() > untilMs) throw new Error('redis-server did not start')
    await sleep(20)
  }
}

function tlsFlags(port: number): string[] {
  return [
    '--port',
    '0',
    '--tls-port',
    String(port),
    '--tls-auth-clients',
    'no',
    '--tls-cert-file',
    certificateFile('server.pem'),
    '--tls-key-file',
    certificateFile('server.key'),
    '--tls-ca-cert-file',
    certificateFile('authority.pem'),
  ]
}

/** Low enough that the cluster bus, 10 000 above it, has a port too. */
async function lowPort(): Promise<number> {
  const port = await freePort()
  return port > 55_000 ? await lowPort() : port
}
