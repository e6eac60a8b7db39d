import { chmod, chown, readdir, readFile, realpath, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Place, ServiceDefinition } from '../definition.ts'
import { ServiceError } from '../errors.ts'
import { run, type Command, type UserIdentity } from '../machine/command.ts'
import { probePostgres } from './probe.ts'

/** A name for role and database that no other server has by accident. */
const name = 'cloudbench'

/** A benchmark may want more than PostgreSQL's default of 100. */
const settings = ['-c', 'max_connections=500']
const initLimitMs = 180_000
const rulesFile = 'pg_hba.conf'
const method = 'scram-sha-256'

export const postgres: ServiceDefinition = {
  defaultPort: 5432,
  hasPassword: true,
  url: (port, password) =>
    `postgres://${name}${password === undefined ? '' : `:${password}`}@127.0.0.1:${port}/${name}`,
  probe: (port, timeoutMs, password) => probePostgres(port, timeoutMs, name, password),
  local: {
    binaries: ['postgres'],
    folders: debianFolders,
    prepare,
    user: unprivileged,
    args: ({ port, folder }) => [
      '-D',
      'data',
      '-p',
      String(port),
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      `hba_file=${join(folder, rulesFile)}`,
      ...settings,
    ],
    // SIGTERM would wait until every client has left
    stopSignal: 'SIGINT',
    install: 'apt-get install -y postgresql (Debian, Ubuntu) or brew install postgresql (macOS)',
  },
  compose: (port, password = '') => ({
    image: 'postgres:17-alpine',
    command: ['postgres', ...settings],
    environment: {
      POSTGRES_USER: name,
      POSTGRES_DB: name,
      POSTGRES_PASSWORD: password,
      POSTGRES_HOST_AUTH_METHOD: method,
    },
    ports: [`127.0.0.1:${port}:5432`],
    tmpfs: ['/var/lib/postgresql/data'],
  }),
}

/** Debian keeps servers of several versions side by side, none of them on the PATH. */
async function debianFolders(): Promise<readonly string[]> {
  const folder = '/usr/lib/postgresql'
  const versions = await readdir(folder).catch(() => [])
  return versions
    .toSorted((one, other) => Number(other) - Number(one))
    .map((version) => join(folder, version, 'bin'))
}

/** PostgreSQL refuses to run as root. Any other user runs it as themselves. */
async function unprivileged(): Promise<UserIdentity | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '')
  const [, uid, gid] =
    /^postgres:[^:]*:(\d+):(\d+):/m.exec(users) ?? /^nobody:[^:]*:(\d+):(\d+):/m.exec(users) ?? []
  return { uid: Number(uid ?? 65_534), gid: Number(gid ?? 65_534) }
}

/**
 * Creates the cluster, with a role that owns its database and can do nothing else: every account on this machine can
 * reach it, and a PostgreSQL superuser can run programs.
 */
async function prepare({ folder, file, env, password = '' }: Place): Promise<void> {
  await writeFile(join(folder, rulesFile), `host ${name} ${name} 127.0.0.1/32 ${method}\n`, { mode: 0o644 })
  const user = await unprivileged()
  if (user) {
    await chown(folder, user.uid, user.gid)
    // it has to reach its own folder; everything else stays hidden
    await chmod(dirname(folder), 0o711)
  }
  const bin = dirname(await realpath(file))
  const step = async (command: Command, what: string): Promise<void> => {
    const { code, output } = await run(
      { ...command, ...(user && { user }) },
      { env, timeoutMs: initLimitMs, cwd: folder },
    )
    if (code !== 0)
      throw new ServiceError({ what: `${what}: ${output.trim().split('\n').slice(-3).join('; ')}` })
  }
  // the server reads our own rules instead
  const init = ['-D', 'data', '-U', 'postgres', '--auth=reject', '-E', 'UTF8', '--no-locale', '--no-sync']
  await step(
    { file: join(bin, 'initdb'), args: init },
    'initdb could not create the data folder of PostgreSQL',
  )
  const single = ['--single', '-c', `password_encryption=${method}`, '-D', 'data', 'postgres']
  const input = `CREATE ROLE ${name} LOGIN PASSWORD '${password}'\nCREATE DATABASE ${name} OWNER ${name}\n`
  await step({ file: join(bin, 'postgres'), args: single, input }, 'the database could not be created')
}
