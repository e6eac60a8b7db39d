import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place, ServiceDefinition } from '../definition.ts'
import { run } from '../machine/command.ts'
import { probeRedis } from './probe.ts'

/** Nothing goes to disk: a snapshot in the middle of a measurement is noise. */
const quiet = ['save ""', 'appendonly no']

/** Those who have the password may configure it, but not where it writes, what it loads and what it lets clients debug. */
const locked = ['enable-protected-configs no', 'enable-debug-command no', 'enable-module-command no']
/** The first series that knows these settings. */
const lockedSince = 7
const versionLimitMs = 10_000

/** Container images read their configuration from the first argument; `-` is stdin. `$$` is Compose's `$`. */
const fromStdin = `exec docker-entrypoint.sh redis-server - <<END
${[...quiet, ...locked, 'protected-mode no', 'requirepass $$CLOUDBENCH_PASSWORD'].join('\n')}
END`

export const redis: ServiceDefinition = {
  defaultPort: 6379,
  hasPassword: true,
  url: (port, password) => `redis://${password === undefined ? '' : `:${password}@`}127.0.0.1:${port}`,
  probe: probeRedis,
  local: {
    binaries: ['redis-server', 'valkey-server'],
    prepare,
    args: ({ folder }) => [configFile(folder)],
    install: 'apt-get install -y redis-server (Debian, Ubuntu) or brew install redis (macOS)',
  },
  compose: (port, password = '') => ({
    // the last series under the BSD licence.
    image: 'redis:7.2-alpine',
    // protected mode only knows the container's own loopback and would refuse what Docker forwards.
    command: ['sh', '-c', fromStdin],
    environment: { CLOUDBENCH_PASSWORD: password },
    ports: [`127.0.0.1:${port}:6379`],
    tmpfs: ['/data'],
  }),
}

/** A file, because every account on the machine can see a command line. */
async function prepare({ port, folder, password, file, env }: Place): Promise<void> {
  const { output } = await run({ file, args: ['--version'] }, { env, timeoutMs: versionLimitMs })
  const [, version = '0'] = /\bv=(\d+)/.exec(output) ?? []
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    ...(password === undefined ? [] : [`requirepass ${password}`]),
    // in quotes it reads the same escapes as JSON
    `dir ${JSON.stringify(folder)}`,
    ...quiet,
    ...(Number(version) < lockedSince ? [] : locked),
  ]
  await writeFile(configFile(folder), `${lines.join('\n')}\n`, { mode: 0o600 })
}

function configFile(folder: string): string {
  return join(folder, 'redis.conf')
}
