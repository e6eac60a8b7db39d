import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chmod, chown, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What the server is told besides the port; each as `name=value`. */
export interface ClusterOptions {
  readonly settings?: readonly string[]
  /** Of the user postgres, who otherwise needs none. */
  readonly password?: string
  readonly hasTls?: boolean
  /** Lines of pg_hba.conf, instead of trusting everybody. */
  readonly rules?: readonly string[]
}

/** A PostgreSQL of our own, on 127.0.0.1. */
export interface Cluster {
  readonly port: number
  /** Ends it as a power failure would. */
  kill(): Promise<void>
  /** Lets it run again after `kill`, on the same port, with the same data. */
  start(): Promise<void>
  remove(): Promise<void>
}

/** Where the newest one is, on the PATH or where Debian puts it; undefined when there is none. */
export const postgresFolder = [
  ...newestFirst('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin')),
  ...(process.env['PATH'] ?? '').split(delimiter),
].find((folder) => existsSync(join(folder, 'initdb')))

function newestFirst(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).toSorted((a, b) => Number(b) - Number(a))
}

const fixture = (name: string): string => fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

/** PostgreSQL refuses to run as root; nobody will do. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0
const identity = isRoot ? { uid: nobody, gid: nobody } : {}

/** Makes a cluster and starts it. */
export async function createCluster({
  settings = [],
  password,
  hasTls = false,
  rules,
}: ClusterOptions = {}): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-postgres-'))
  const own = async (path: string): Promise<void> => {
    if (isRoot) await chown(path, nobody, nobody)
  }
  await own(folder)
  const data = join(folder, 'data')
  run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'])
  const port = await freePort()
  const lines = [
    `port = ${port}`,
    `listen_addresses = '127.0.0.1'`,
    `unix_socket_directories = ''`,
    'fsync = off',
    ...settings.map((setting) => setting.replace('=', ' = ')),
  ]
  if (hasTls) {
    for (const name of ['server.pem', 'server.key', 'authority.pem']) {
      await copyFile(fixture(name), join(data, name))
      await chmod(join(data, name), 0o600)
      await own(join(data, name))
    }
    lines.push(
      'ssl = on',
      `ssl_cert_file = 'server.pem'`,
      `ssl_key_file = 'server.key'`,
      `ssl_ca_file = 'authority.pem'`,
    )
  }
  await appendFile(join(data, 'postgresql.conf'), `\n${lines.join('\n')}\n`)
  let running = await launch(data)
  if (password !== undefined) {
    const psql = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-c']
    run('psql', [...psql, `ALTER USER postgres PASSWORD '${password}'`])
  }
  const allowed = rules ?? (password === undefined ? [] : ['host all all 127.0.0.1/32 scram-sha-256'])
  if (allowed.length > 0) {
    await running.kill()
    await writeFile(join(data, 'pg_hba.conf'), `${allowed.join('\n')}\n`)
    running = await launch(data)
  }
  return {
    port,
    kill: () => running.kill(),
    async start() {
      running = await launch(data)
    },
    async remove() {
      await running.kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(postgresFolder ?? '', program), args, {
    ...identity,
    cwd: tmpdir(),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

async function launch(data: string): Promise<{ kill(): Promise<void> }> {
  const child = spawn(join(postgresFolder ?? '', 'postgres'), ['-D', data], {
    ...identity,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-4_000)
      if (text.includes('ready to accept connections')) resolve()
    })
    void ended.then(() => reject(new Error(`postgres did not start: ${log}`)))
  })
  return {
    async kill() {
      // quits at once, and takes its children along, which SIGKILL would leave behind
      child.kill('SIGQUIT')
      await ended
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
