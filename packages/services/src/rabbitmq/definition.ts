import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place, ServiceDefinition } from '../definition.ts'
import { ServiceError } from '../errors.ts'
import { freePort } from '../machine/port.ts'
import { endEpmd, writeEpmdPort } from './epmd.ts'
import { probeRabbitmq } from './probe.ts'

/** Instead of `guest`, which is then not created: no one gets in without the password. */
const user = 'cloudbench'

export const rabbitmq: ServiceDefinition = {
  defaultPort: 5672,
  hasPassword: true,
  url: (port, password) => `amqp://${password === undefined ? '' : `${user}:${password}@`}127.0.0.1:${port}`,
  probe: (port, timeoutMs, password) =>
    probeRabbitmq(port, timeoutMs, password === undefined ? undefined : { user, password }),
  local: {
    // Debian's wrapper on the PATH runs the server as another user, on the system's own paths.
    binaries: ['/usr/lib/rabbitmq/bin/rabbitmq-server', 'rabbitmq-server'],
    prepare,
    environment,
    args: () => [],
    release: endEpmd,
    readyLimitMs: 180_000,
    install:
      'apt-get install -y --no-install-recommends rabbitmq-server (Debian, Ubuntu) or brew install rabbitmq (macOS)',
  },
  compose: (port, password = '') => ({
    // the last series in which AMQP 1.0 is a plugin, as it is in the ones distributions ship.
    image: 'rabbitmq:3.13-alpine',
    environment: {
      RABBITMQ_ENABLED_PLUGINS: 'rabbitmq_amqp1_0',
      RABBITMQ_DEFAULT_USER: user,
      RABBITMQ_DEFAULT_PASS: password,
    },
    ports: [`127.0.0.1:${port}:5672`],
    tmpfs: ['/var/lib/rabbitmq'],
  }),
}

/** What is safe between a shell's double quotes, which is where RabbitMQ puts the path when it checks the disk. */
const harmlessPath = /^[\w ./+@%:=,~-]+$/

async function prepare({ port, folder, password = '' }: Place): Promise<void> {
  if (!harmlessPath.test(folder))
    throw new ServiceError({
      what: `RabbitMQ cannot keep its data in ${folder}: it passes the path to a shell`,
      expected: 'a folder name without quotes, dollar signs and the like',
      next: 'set TMPDIR to another folder',
    })
  const lines = [
    `listeners.tcp.1 = 127.0.0.1:${port}`,
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'amqp1_0.default_vhost = /',
    'log.file = false',
    'log.console = true',
  ]
  await writeFile(join(folder, 'rabbitmq.conf'), `${lines.join('\n')}\n`, { mode: 0o600 })
  await writeFile(join(folder, 'enabled_plugins'), '[rabbitmq_amqp1_0].\n', { mode: 0o600 })
  // keeps the settings of the machine's own RabbitMQ out.
  await writeFile(join(folder, 'env.conf'), '', { mode: 0o600 })
}

async function environment({ port, folder }: Place): Promise<Readonly<Record<string, string>>> {
  const [distributionPort, epmdPort] = [await freePort(), await freePort()]
  await writeEpmdPort(folder, epmdPort)
  return {
    // where Erlang keeps its cookie.
    HOME: folder,
    // makes the started process become the server; otherwise it is a shell that waits for it.
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: `cloudbench-${port}@localhost`,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_DIST_PORT: String(distributionPort),
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
    // lets the port mapper end when told to, even if the server never unregistered.
    ERL_EPMD_RELAXED_COMMAND_CHECK: '1',
  }
}
