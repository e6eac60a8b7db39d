import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { appendFile, chmod, chown, copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { freePort } from '@cloudbench/fixtures/free-port'

/** A PostgreSQL of the test's own, on 127.0.0.1. */
export interface Cluster {
  readonly port: number
  /** Ends it as a power failure would. */
  kill(): Promise<void>
  /** Starts it again after `kill`, on the same port, with the same data. */
  start(): Promise<void>
  /** Starts it again as a standby, which waits for a primary and takes no writes. */
  startAsStandby(): Promise<void>
  /** Is told what it logs from now on. */
  onLog(listen: (text: string) => void): void
  remove(): Promise<void>
}

/** The newest one, on the PATH or where Debian installs it; undefined if there is none. */
export const postgresFolder = [
  ...newestFirst('/usr/lib/postgresql').map((version) => join('/usr/lib/postgresql', version, 'bin')),
  ...(process.env['PATH'] ?? '').split(delimiter),
].find((folder) => existsSync(join(folder, 'initdb')))

function newestFirst(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).toSorted((a, b) => Number(b) - Number(a))
}

/** PostgreSQL refuses to run as root, so it then runs as the user nobody. */
const nobody = 65_534
const isRoot = process.getuid?.() === 0
const identity = isRoot ? { uid: nobody, gid: nobody } : {}

/** Trusts everyone, except that `certified` needs a client certificate, `guarded` the password `right`, and `encrypted` TLS. */
const accessRules = `
hostssl all certified 127.0.0.1/32 trust clientcert=verify-ca
hostnossl all encrypted 127.0.0.1/32 reject
host all guarded 127.0.0.1/32 scram-sha-256
host all all 127.0.0.1/32 trust
`
const roles = `CREATE ROLE certified SUPERUSER LOGIN; CREATE ROLE guarded SUPERUSER LOGIN PASSWORD 'right'`

const settings = `
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
deadlock_timeout = 1ms
ssl = on
ssl_cert_file = 'server.pem'
ssl_key_file = 'server.key'
ssl_ca_file = 'authority.pem'
`

/** Makes a cluster and starts it. One that serves a whole file of tests has everything they need. */
export async function createCluster(): Promise<Cluster> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-postgres-'))
  await own(folder)
  const data = join(folder, 'data')
  const locale = ['-E', 'UTF8', '--locale=C.UTF-8']
  run('initdb', ['-D', data, '-U', 'postgres', '--auth=trust', ...locale, '--wal-segsize=1', '--no-sync'])
  const port = await freePort()
  for (const name of ['server.pem', 'server.key', 'authority.pem'] as const) {
    await copyFile(certificateFile(name), join(data, name))
    await chmod(join(data, name), 0o600)
    await own(join(data, name))
  }
  await appendFile(join(data, 'postgresql.conf'), `\nport = ${port}${settings}`)
  await writeFile(join(data, 'pg_hba.conf'), accessRules)
  const listeners: ((text: string) => void)[] = []
  const launched = (): ReturnType<typeof launch> =>
    launch(data, (text) => {
      for (const listen of listeners) listen(text)
    })
  let running = await launched()
  run('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-c', roles])
  return {
    port,
    kill: () => running.kill(),
    async start() {
      running = await launched()
    },
    async startAsStandby() {
      await running.kill()
      await writeFile(join(data, 'standby.signal'), '')
      running = await launched()
    },
    onLog: (listen) => void listeners.push(listen),
    async remove() {
      await running.kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

async function own(path: string): Promise<void> {
  if (isRoot) await chown(path, nobody, nobody)
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(join(postgresFolder ?? '', program), args, {
    ...identity,
    cwd: tmpdir(),
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${program}: ${stderr}`)
}

async function launch(data: string, onLog: (text: string) => void): Promise<{ kill(): Promise<void> }> {
  const child = spawn(join(postgresFolder ?? '', 'postgres'), ['-D', data], {
    ...identity,
    cwd: data,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => void child.once('close', () => resolve()))
  let log = ''
  await new Promise<void>((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      onLog(text)
      log += text
      // before it is cut: one chunk may hold this and, after it, thousands of letters about conflicts
      if (/ready to accept (read-only )?connections/.test(log)) resolve()
      log = log.slice(-4_000)
    })
    void ended.then(() => reject(new Error(`postgres did not start: ${log}`)))
  })
  return {
    async kill() {
      // an immediate shutdown, which also ends the backends, as SIGKILL would not
      child.kill('SIGQUIT')
      await ended
    },
  }
}
