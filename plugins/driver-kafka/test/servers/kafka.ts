import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { pemOf } from '@cloudbench/fixtures/certificates'
import { freePorts } from '@cloudbench/fixtures/free-port'
import kafkajs, { type Kafka } from 'kafkajs'
import { quietTimers } from '../../src/client/quiet-timers.ts'

/** Where `cloudbench up kafka` keeps the broker's jars. */
export const jarFolder = process.env['CLOUDBENCH_KAFKA_JARS'] ?? join(cacheFolder(), 'cloudbench/kafka/4.3.0')
const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('kafka')

/** Tests with a real broker are left out where there is none, unless the environment says that there must be one. */
export const withoutKafka =
  !required &&
  !(
    existsSync(jarFolder) &&
    (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'java')))
  )

/** A broker may take this long to start on a busy machine. */
export const startLimitMs = 120_000

export const user = { username: 'bench', password: 'S3cret' } as const

/** The listeners of a broker. */
export interface Listeners {
  readonly url: string
  /** Requires authentication. */
  readonly saslUrl: string
  readonly tlsUrl: string
}

export interface KafkaProcess extends Listeners {
  /** Its data and configuration. */
  readonly folder: string
  /** Also after `kill`: the same broker, with the data that it had. */
  start(): Promise<void>
  kill(): Promise<void>
  /** Kills it and removes its data. */
  close(): Promise<void>
}

export interface ClusterNode {
  readonly id: number
  readonly roles: string
  readonly controllerPort: number
  readonly voters: string
  readonly clusterId: string
}

interface Ports {
  readonly plain: number
  readonly sasl: number
  readonly tls: number
  readonly controller: number
}

/** A broker by itself, or one of a cluster, on loopback. It is not started yet. */
export async function createKafka(
  settings: Readonly<Record<string, string>> = {},
  node?: ClusterNode,
): Promise<KafkaProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-kafka-'))
  const [plain, sasl, tls, controller] = (await freePorts(4)) as [number, number, number, number]
  const ports: Ports = { plain, sasl, tls, controller: node?.controllerPort ?? controller }
  const properties = await configure(folder, ports, settings, node)
  const id = node?.id ?? 1
  let format = node ? writeMetaProperties(folder, node) : undefined
  let child: ChildProcess | undefined
  let ended = Promise.resolve()
  let isClosed = false
  const kill = async (): Promise<void> => {
    child?.kill('SIGKILL')
    await ended
  }
  const start = async (): Promise<void> => {
    await (format ??= formatWithUser(properties))
    if (isClosed) return
    const started = (child = spawn('java', [...jvmFlags, 'kafka.Kafka', properties], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    }))
    let output = ''
    for (const stream of [started.stdout, started.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2_000)))
    ended = new Promise((resolve) => {
      started.once('exit', () => resolve())
      started.once('error', () => resolve())
    })
    const untilMs = performance.now() + startLimitMs
    while (!(await isUp(ports, id))) {
      if (started.exitCode !== null || performance.now() > untilMs)
        throw new Error(`the broker did not start: ${output}`)
      if (isClosed) return
      await sleep(100)
    }
  }
  return {
    folder,
    url: `kafka://127.0.0.1:${ports.plain}`,
    saslUrl: `kafka://127.0.0.1:${ports.sasl}`,
    tlsUrl: `kafkas://localhost:${ports.tls}`,
    start,
    kill,
    async close() {
      isClosed = true
      await format
      await kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** A broker by itself, ready to be used. */
export async function startKafka(settings: Readonly<Record<string, string>> = {}): Promise<KafkaProcess> {
  const broker = await createKafka(settings)
  await broker.start()
  return broker
}

const classPath = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jarFolder, '*')]
const jvmFlags = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...classPath]

/** Writes the configuration of a broker. @returns its path. */
async function configure(
  folder: string,
  ports: Ports,
  settings: Readonly<Record<string, string>>,
  node: ClusterNode | undefined,
): Promise<string> {
  const listeners = [
    `PLAINTEXT://127.0.0.1:${ports.plain}`,
    `SASL_PLAINTEXT://127.0.0.1:${ports.sasl}`,
    `SSL://localhost:${ports.tls}`,
  ]
  const roles = node?.roles ?? 'broker,controller'
  const controller = roles.includes('controller') ? [`CONTROLLER://127.0.0.1:${ports.controller}`] : []
  const keyFile = join(folder, 'key.pem')
  await writeFile(keyFile, `${pemOf('server.key')}\n${pemOf('server.pem')}`, { mode: 0o600 })
  const login = (module: string, rest = ''): string =>
    `org.apache.kafka.common.security.${module}LoginModule required${rest};`
  const properties = {
    'process.roles': roles,
    'node.id': String(node?.id ?? 1),
    'controller.quorum.voters': node?.voters ?? `1@127.0.0.1:${ports.controller}`,
    listeners: [...listeners, ...controller].join(),
    'advertised.listeners': listeners.join(),
    'inter.broker.listener.name': 'PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_PLAINTEXT:SASL_PLAINTEXT,SSL:SSL',
    'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256',
    'listener.name.sasl_plaintext.plain.sasl.jaas.config': login(
      'plain.Plain',
      ` user_${user.username}="${user.password}"`,
    ),
    'listener.name.sasl_plaintext.scram-sha-256.sasl.jaas.config': login('scram.Scram'),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keyFile,
    'log.dirs': join(folder, 'data'),
    // the user may do what no rule is about; those without a password may do everything
    'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
    'allow.everyone.if.no.acl.found': 'true',
    'super.users': 'User:ANONYMOUS',
    'auto.create.topics.enable': 'false',
    // tests wait for compaction
    'log.cleaner.backoff.ms': '100',
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    ...settings,
  }
  const file = join(folder, 'server.properties')
  const lines = Object.entries(properties).map(([key, value]) => `${key}=${value}\n`)
  await writeFile(file, lines.join(''), { mode: 0o600 })
  return file
}

/** All that a broker without users needs to find; it saves the start of another Java machine. */
async function writeMetaProperties(folder: string, { id, clusterId }: ClusterNode): Promise<void> {
  await mkdir(join(folder, 'data'))
  await writeFile(join(folder, 'data/meta.properties'), `version=1\ncluster.id=${clusterId}\nnode.id=${id}\n`)
}

/** Only the storage tool can create a user before the broker starts. */
async function formatWithUser(properties: string): Promise<void> {
  await promisify(execFile)('java', [
    '-XX:TieredStopAtLevel=1',
    ...classPath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    'Y2xvdWRiZW5jaC10ZXN0cw',
    '-c',
    properties,
    '--add-scram',
    `SCRAM-SHA-256=[name=${user.username},password=${user.password}]`,
  ])
}

/** Whether a broker has joined its cluster, and listens everywhere: listeners open one after another. */
async function isUp({ plain, sasl, tls }: Ports, id: number): Promise<boolean> {
  const admin = kafkaClient(`kafka://127.0.0.1:${plain}`).admin({ retry: { retries: 0 } })
  try {
    await admin.connect()
    const { brokers } = await admin.describeCluster()
    return brokers.some(({ nodeId }) => nodeId === id) && (await listens(sasl)) && (await listens(tls))
  } catch {
    return false
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    return await new Promise((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
  } finally {
    socket.destroy()
  }
}

/** An ordinary client of the test's own. It keeps trying while a topic spreads through a cluster. */
export function kafkaClient(url: string): Kafka {
  quietTimers()
  return new kafkajs.Kafka({
    brokers: [url.replace('kafka://', '')],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 30, initialRetryTime: 50, maxRetryTime: 1_000 },
  })
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: folder } = process.env
  return folder === undefined || folder === '' ? join(homedir(), '.cache') : folder
}
