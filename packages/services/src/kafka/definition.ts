import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place, ServiceDefinition } from '../definition.ts'
import { ServiceError } from '../errors.ts'
import { run } from '../machine/command.ts'
import { freePort } from '../machine/port.ts'
import { clusterId } from './cluster-id.ts'
import { fetchKafka, kafkaVersion, libraryFolder } from './library.ts'
import { probeKafka } from './probe.ts'

/** One broker that is its own controller. What a cluster keeps in three copies is kept once. */
const settings = {
  'process.roles': 'broker,controller',
  'node.id': '1',
  'controller.listener.names': 'CONTROLLER',
  'inter.broker.listener.name': 'CLIENT',
  // the controller obeys all that it lets in, so it asks for the password too.
  'listener.security.protocol.map': 'CONTROLLER:SASL_PLAINTEXT,CLIENT:SASL_PLAINTEXT',
  'sasl.enabled.mechanisms': 'PLAIN',
  'sasl.mechanism.inter.broker.protocol': 'PLAIN',
  'sasl.mechanism.controller.protocol': 'PLAIN',
  // a misspelt topic is an error, not a new topic.
  'auto.create.topics.enable': 'false',
  'group.initial.rebalance.delay.ms': '0',
  // coordinators load a partition on first use: with one partition, only once.
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '1',
}

/** A broker that lives for one benchmark, on a machine with other work: small, and quick to start. */
const javaFlags = ['-Xmx512m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const formatLimitMs = 180_000

const user = 'cloudbench'

export const kafka: ServiceDefinition = {
  defaultPort: 9092,
  hasPassword: true,
  url: (port, password) => `kafka://${password === undefined ? '' : `${user}:${password}@`}127.0.0.1:${port}`,
  probe: (port, timeoutMs, password) =>
    probeKafka(port, timeoutMs, password === undefined ? undefined : { user, password }),
  local: {
    binaries: ['java'],
    readyLimitMs: 180_000,
    prepare,
    args: ({ folder, env }) => [
      ...javaFlags,
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      join(libraryFolder(env), '*'),
      'kafka.Kafka',
      join(folder, 'server.properties'),
    ],
    install:
      'apt-get install -y default-jre-headless maven (Debian, Ubuntu) or brew install openjdk maven (macOS)',
  },
  compose: (port, password = '') => ({
    image: `apache/kafka:${kafkaVersion}`,
    environment: Object.fromEntries(
      Object.entries({
        ...settings,
        ...logins(password),
        listeners: 'CLIENT://:9092,CONTROLLER://:9093',
        // where clients connect; they are on the host.
        'advertised.listeners': `CLIENT://127.0.0.1:${port}`,
        'controller.quorum.voters': '1@localhost:9093',
        'log.dirs': '/tmp/kafka-data',
      }).map(([name, value]) => [`KAFKA_${name.replaceAll('.', '_').toUpperCase()}`, value]),
    ),
    ports: [`127.0.0.1:${port}:9092`],
    tmpfs: ['/tmp/kafka-data'],
  }),
}

/** Fetches the broker if it is missing, and formats an empty store for it. */
async function prepare({ port, folder, password = '', file, env, mayFetch }: Place): Promise<void> {
  await fetchKafka(env, mayFetch)
  const controllerPort = await freePort()
  const properties = {
    ...settings,
    ...logins(password),
    listeners: `CLIENT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `CLIENT://127.0.0.1:${port}`,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'log.dirs': join(folder, 'data'),
  }
  const config = join(folder, 'server.properties')
  const lines = Object.entries(properties).map(([name, value]) => `${name}=${escaped(value)}\n`)
  await writeFile(config, lines.join(''), { mode: 0o600 })
  const formatted = await run(
    {
      file,
      args: [
        ...javaFlags,
        '-cp',
        join(libraryFolder(env), '*'),
        'kafka.tools.StorageTool',
        'format',
        '--cluster-id',
        clusterId(),
        '--config',
        config,
      ],
    },
    { env, timeoutMs: formatLimitMs },
  )
  if (formatted.code !== 0)
    throw new ServiceError({
      what: `the store of the Kafka broker could not be formatted: ${formatted.output.trim().split('\n').slice(-5).join('; ')}`,
      expected: 'Java 17 or newer',
    })
}

/** Who may come in, and as whom the broker itself logs in, at both listeners. */
function logins(password: string): Readonly<Record<string, string>> {
  const login =
    'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
    `username="${user}" password="${password}" user_${user}="${password}";`
  return Object.fromEntries(
    ['client', 'controller'].map((listener) => [`listener.name.${listener}.plain.sasl.jaas.config`, login]),
  )
}

/** In a Java properties file a backslash starts an escape. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\')
}
