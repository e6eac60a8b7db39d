import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import kafkajs, { type Admin, type Kafka } from 'kafkajs'
import { quietTimers } from '../../src/client/open-link.ts'

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

export const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url))

/** A broker that takes its time on a busy machine. */
export const startLimitMs = 120_000

export const user = { username: 'bench', password: 'S3cret' } as const

export interface RealKafka {
  readonly url: string
  /** Another listener, where one has to say who one is. */
  readonly saslUrl: string
  readonly tlsUrl: string
  /** An ordinary client of the test's own. */
  readonly kafka: Kafka
  readonly admin: Admin
  kill(): Promise<void>
  /** After `kill`: the same broker, with the data that it had. */
  start(): Promise<void>
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

/** A single broker, or one of a cluster, on loopback. */
export async function realKafka(
  settings: Readonly<Record<string, string>> = {},
  node?: ClusterNode,
): Promise<RealKafka> {
  quietTimers()
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-kafka-'))
  const [port, saslPort, tlsPort, ownControllerPort] = (await Promise.all([0, 1, 2, 3].map(freePort))) as [
    number,
    number,
    number,
    number,
  ]
  const controllerPort = node?.controllerPort ?? ownControllerPort
  const isController = node === undefined || node.roles.includes('controller')
  const listeners = [
    `PLAINTEXT://127.0.0.1:${port}`,
    `SASL_PLAINTEXT://127.0.0.1:${saslPort}`,
    `SSL://localhost:${tlsPort}`,
  ]
  const keyFile = join(folder, 'key.pem')
  const pems = await Promise.all(['server.key', 'server.pem'].map((name) => readFile(fixture(name), 'utf8')))
  await writeFile(keyFile, pems.join('\n'), { mode: 0o600 })
  const login = (module: string, rest = ''): string =>
    `org.apache.kafka.common.security.${module}LoginModule required${rest};`
  const properties = {
    'process.roles': node?.roles ?? 'broker,controller',
    'node.id': String(node?.id ?? 1),
    'controller.quorum.voters': node?.voters ?? `1@127.0.0.1:${controllerPort}`,
    listeners: [...listeners, ...(isController ? [`CONTROLLER://127.0.0.1:${controllerPort}`] : [])].join(),
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
    'auto.create.topics.enable': 'false',
    'group.initial.rebalance.delay.ms': '0',
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    ...settings,
  }
  const file = join(folder, 'server.properties')
  await writeFile(
    file,
    Object.entries(properties)
      .map(([key, value]) => `${key}=${value}\n`)
      .join(''),
    { mode: 0o600 },
  )
  const classPath = ['-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-cp', join(jarFolder, '*')]
  await promisify(execFile)('java', [
    '-XX:TieredStopAtLevel=1',
    ...classPath,
    'kafka.tools.StorageTool',
    'format',
    '-t',
    node?.clusterId ?? 'Y2xvdWRiZW5jaC10ZXN0cw',
    '-c',
    file,
    '--add-scram',
    `SCRAM-SHA-256=[name=${user.username},password=${user.password}]`,
  ])
  const flags = ['-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', ...classPath, 'kafka.Kafka', file]
  const kafka = new kafkajs.Kafka({
    brokers: [`127.0.0.1:${port}`],
    logLevel: kafkajs.logLevel.NOTHING,
    retry: { retries: 3 },
  })
  const admin = kafka.admin()
  let child: ChildProcess | undefined
  let ended = Promise.resolve()
  const kill = async (): Promise<void> => {
    child?.kill('SIGKILL')
    await ended
  }
  const start = async (): Promise<void> => {
    const started = (child = spawn('java', flags, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] }))
    let output = ''
    for (const stream of [started.stdout, started.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => (output = (output + text).slice(-2_000)))
    ended = new Promise((resolve) => {
      started.once('exit', () => resolve())
      started.once('error', () => resolve())
    })
    const untilMs = performance.now() + startLimitMs
    while (!(await isUp(kafka))) {
      if (started.exitCode !== null || performance.now() > untilMs)
        throw new Error(`the broker did not start: ${output}`)
      await sleep(100)
    }
  }
  await start()
  if (node === undefined) await admin.connect()
  return {
    url: `kafka://127.0.0.1:${port}`,
    saslUrl: `kafka://127.0.0.1:${saslPort}`,
    tlsUrl: `kafkas://localhost:${tlsPort}`,
    kafka,
    admin,
    kill,
    start,
    async close() {
      await admin.disconnect().catch(() => {})
      await kill()
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

async function isUp(kafka: Kafka): Promise<boolean> {
  const admin = kafka.admin({ retry: { retries: 0 } })
  try {
    await admin.connect()
    return (await admin.describeCluster()).brokers.length > 0
  } catch {
    return false
  } finally {
    await admin.disconnect().catch(() => {})
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: folder } = process.env
  return folder === undefined || folder === '' ? join(homedir(), '.cache') : folder
}

/** Everything a topic holds, as an ordinary consumer reads it. */
export interface Stored {
  readonly partition: number
  readonly value: string
  readonly headers: Readonly<Record<string, string>>
}

export async function readAll(kafka: Kafka, topic: string, count: number): Promise<readonly Stored[]> {
  const consumer = kafka.consumer({ groupId: `test-${topic}-${process.hrtime().join('-')}` })
  const stored: Stored[] = []
  const all = Promise.withResolvers<void>()
  await consumer.connect()
  await consumer.subscribe({ topic, fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ partition, message }) => {
      const headers = Object.entries(message.headers ?? {}).map(([key, value]) => [key, String(value)])
      stored.push({
        partition,
        value: String(message.value),
        headers: Object.fromEntries(headers) as Record<string, string>,
      })
      if (stored.length >= count) all.resolve()
    },
  })
  await all.promise
  await consumer.disconnect()
  return stored
}
