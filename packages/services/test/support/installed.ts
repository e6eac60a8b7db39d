import { existsSync } from 'node:fs'
import { copyFile, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { serviceNames, stopService } from '../src/index.ts'
import { findProgram } from '../src/machine/command.ts'
import { libraryFolder } from '../src/kafka/library.ts'
import { identify } from '../src/machine/process.ts'
import { definitionOf } from '../src/table.ts'

/** Tests of a real service are left out where there is none, unless the environment says that there must be one. */
const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/)
const program = await findProgram(['redis-server', 'valkey-server'], process.env)
export const withoutRedis = program === undefined && !required.includes('redis')
export const redisProgram = program ?? 'redis-server'

const postgres = await findProgram(
  ['postgres'],
  process.env,
  await definitionOf('postgres').local.folders?.(),
)
export const withoutPostgres = postgres === undefined && !required.includes('postgres')

const java = await findProgram(['java'], process.env)
/** Only where its jars are: a test does not fetch 50 MB unless it is told to. */
export const withoutKafka =
  !(java !== undefined && existsSync(libraryFolder(process.env))) && !required.includes('kafka')

/** A folder that is gone after the test, and so is a service whose state it holds. */
export async function stateFolder(env: NodeJS.ProcessEnv = process.env): Promise<string> {
  // With everything in its name that a shell would trip over.
  const stateDir = await realpath(await mkdtemp(join(tmpdir(), `cloudbench $(it's) "a" test-`)))
  onTestFinished(async () => {
    for (const name of serviceNames) await stopService(name, { stateDir, env })
    await rm(stateDir, { recursive: true, force: true })
  })
  return stateDir
}

/** What a state folder still holds besides the state file itself. */
export async function leftovers(stateDir: string): Promise<string[]> {
  return (await readdir(stateDir)).filter((name) => name !== 'services.json')
}

export async function isGone(pid: number | undefined): Promise<boolean> {
  return pid !== undefined && (await identify(pid)) === undefined
}

/** Waits for something that another process does. */
export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  const untilMs = performance.now() + 20_000
  while (!(await condition())) {
    if (performance.now() > untilMs) throw new Error('it did not happen within 20 s')
    await sleep(20)
  }
}

/** A TCP server on a free port; `onSocket` says how it behaves. */
export async function listen(onSocket: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    onSocket(socket)
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A folder with programs of our own, first on the PATH. */
export async function programs(scripts: Record<string, string>): Promise<NodeJS.ProcessEnv> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-bin-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  for (const [name, script] of Object.entries(scripts))
    await writeFile(join(folder, name), script, { mode: 0o755 })
  return { ...process.env, PATH: `${folder}${delimiter}${process.env['PATH']}` }
}

export type DockerMode = 'works' | 'hangs' | 'no-daemon' | 'no-version' | 'no-compose' | 'up-fails'

/** A `docker` on the PATH that is a program of our own. */
export async function fakeDocker(
  mode: DockerMode,
): Promise<{ env: NodeJS.ProcessEnv; calls(): Promise<string[][]> }> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-docker-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const log = join(folder, 'calls')
  await mkdir(join(folder, 'bin'))
  await copyFile(fileURLToPath(new URL('./fixtures/docker.sh', import.meta.url)), join(folder, 'bin/docker'))
  return {
    env: {
      ...process.env,
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      FAKE_DOCKER: mode,
      FAKE_DOCKER_LOG: log,
      FAKE_DOCKER_NODE: process.execPath,
      FAKE_DOCKER_COMPOSE: fileURLToPath(new URL('./fixtures/compose.ts', import.meta.url)),
    },
    async calls() {
      const text = await readFile(log, 'utf8').catch(() => '')
      return text.split('\n\n').flatMap((call) => (call === '' ? [] : [call.split('\n')]))
    },
  }
}
