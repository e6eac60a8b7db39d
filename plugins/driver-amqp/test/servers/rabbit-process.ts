import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { freePorts } from '@cloudbench/fixtures/free-port'
import rhea from 'rhea'

const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('rabbitmq')

// Debian's scripts on the PATH run as another user, in the system's folders
const programOf = (name: string): string | undefined =>
  ['/usr/lib/rabbitmq/bin', ...(process.env['PATH'] ?? '').split(delimiter)]
    .map((folder) => join(folder, name))
    .find((file) => existsSync(file))
const program = programOf('rabbitmq-server')

/** Tests with a real RabbitMQ are skipped where none is installed, unless the environment requires one. */
export const withoutRabbit = !required && program === undefined

export interface Rabbit {
  /** Without a user. */
  readonly url: string
  /** With TLS. */
  readonly tlsUrl: string
  /** With user and password. */
  readonly userUrl: string
  /** Runs `rabbitmqctl` with these arguments. */
  ctl(...args: readonly string[]): Promise<void>
  /** Ends the broker as a restart does, in good order. */
  stop(): Promise<void>
  /** Kills the broker without warning. */
  kill(): Promise<void>
  /** Whether the queue is on disk, so that it survives a kill. */
  hasStored(queue: string): Promise<boolean>
  /** Starts it again, with its data. */
  start(): Promise<void>
  end(): Promise<void>
}

const startLimitMs = 150_000

/** Starts a RabbitMQ on loopback: with AMQP 1.0, TLS, one user, and messages of 1 MiB at most. */
export async function startRabbit(): Promise<Rabbit> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-rabbit-'))
  const [port, tlsPort, distributionPort, epmdPort] = await freePorts(4)
  const nodeName = `cloudbench-${port}@localhost`
  await Promise.all(['mnesia', 'log'].map((name) => mkdir(join(folder, name))))
  await writeFile(join(folder, 'env.conf'), '')
  await writeFile(join(folder, 'enabled_plugins'), '[rabbitmq_amqp1_0].\n')
  await writeFile(
    join(folder, 'rabbitmq.conf'),
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      `listeners.ssl.1 = 127.0.0.1:${tlsPort}`,
      `ssl_options.cacertfile = ${certificateFile('authority.pem')}`,
      `ssl_options.certfile = ${certificateFile('server.pem')}`,
      `ssl_options.keyfile = ${certificateFile('server.key')}`,
      'ssl_options.verify = verify_none',
      'amqp1_0.default_user = guest',
      'amqp1_0.default_vhost = /',
      'max_message_size = 1048576',
      '',
    ].join('\n'),
  )
  const env = {
    ...process.env,
    HOME: folder,
    // so that the child process is the server itself, not a shell around it
    RUNNING_UNDER_SYSTEMD: 'true',
    RABBITMQ_NODENAME: nodeName,
    RABBITMQ_CONF_ENV_FILE: join(folder, 'env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_DIST_PORT: String(distributionPort),
    // idle schedulers sleep instead of spinning
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS:
      '-kernel inet_dist_use_interface {127,0,0,1} +sbwt none +sbwtdcpu none +sbwtdio none',
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_EPMD_PORT: String(epmdPort),
  }
  // in the foreground, or the server would start one that outlives it
  const epmd = spawn('epmd', ['-address', '127.0.0.1', '-port', String(epmdPort)], { stdio: 'ignore', env })
  const url = `amqp://127.0.0.1:${port}`
  let server: ChildProcess | undefined
  const ended = (child: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> =>
    new Promise((resolve) => {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) {
        resolve()
        return
      }
      child.once('exit', () => resolve())
      child.kill(signal)
    })
  const rabbit: Rabbit = {
    url,
    tlsUrl: `amqps://localhost:${tlsPort}`,
    userUrl: `amqp://guest:guest@127.0.0.1:${port}`,
    async ctl(...args) {
      await promisify(execFile)(programOf('rabbitmqctl') ?? 'rabbitmqctl', ['--node', nodeName, ...args], {
        env,
      })
    },
    stop: () => ended(server, 'SIGTERM'),
    kill: () => ended(server, 'SIGKILL'),
    hasStored: (queue) => anyFileContains(join(folder, 'mnesia', nodeName), queue),
    async start() {
      server = spawn(program ?? 'rabbitmq-server', [], { env, stdio: 'ignore', cwd: folder })
      server.on('error', () => {})
      const untilMs = performance.now() + startLimitMs
      while (!(await answers(port!))) {
        if (server.exitCode !== null || performance.now() > untilMs)
          throw new Error(
            `rabbitmq-server did not start: ${await endOf(join(folder, 'log', `${nodeName}.log`))}`,
          )
        await sleep(100)
      }
    },
    async end() {
      await ended(server, 'SIGKILL')
      await ended(epmd, 'SIGTERM')
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
    },
  }
  epmd.on('error', () => {})
  try {
    await rabbit.start()
  } catch (error) {
    await rabbit.end()
    throw error
  }
  return rabbit
}

async function answers(port: number): Promise<boolean> {
  const connection = rhea.create_container().connect({ host: '127.0.0.1', port, reconnect: false })
  const isOpen = await new Promise<boolean>((resolve) => {
    connection.on('connection_open', () => resolve(true))
    for (const event of ['disconnected', 'protocol_error', 'error', 'connection_error'])
      connection.on(event, () => resolve(false))
  })
  if (isOpen) connection.close()
  return isOpen
}

async function endOf(file: string): Promise<string> {
  const log = await readFile(file, 'utf8').catch(() => '')
  return log.trim().split('\n').slice(-10).join('\n')
}

async function anyFileContains(folder: string, text: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join(folder, name))
  // a file may be renamed in the meantime
  const contents = await Promise.all(files.map((file) => readFile(file).catch(() => Buffer.alloc(0))))
  return contents.some((content) => content.includes(text))
}
