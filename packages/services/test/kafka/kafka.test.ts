import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { probeKafka } from '../../src/kafka/probe.ts'
import { libraryFolder } from '../../src/kafka/library.ts'
import { freePort } from '../../src/machine/port.ts'
import { definitionOf } from '../../src/table.ts'
import { isGone, leftovers, listen, programs, stateFolder, withoutKafka } from '../helpers.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  test('up, found, listed, and down without a trace', { timeout: 120_000 }, async () => {
    const stateDir = await stateFolder()
    const kafka = await startService('kafka', { stateDir, how: 'local' })
    expect(kafka).toMatchObject({ name: 'kafka', how: 'local', reused: false, notes: [] })
    expect(kafka.url).toMatch(/^kafka:\/\/127\.0\.0\.1:\d+$/)
    expect(await findService('kafka', { stateDir })).toBe(kafka.url)
    expect(await listServices({ stateDir })).toMatchObject([{ url: kafka.url, pid: kafka.pid, usable: true }])
    expect(await startService('kafka', { stateDir })).toMatchObject({ url: kafka.url, reused: true })
    expect(await stopService('kafka', { stateDir })).toEqual({ stopped: true, url: kafka.url })
    expect(await isGone(kafka.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('an attached one gets a port of its own, and goes', { timeout: 120_000 }, async () => {
    const stateDir = await stateFolder()
    const port = await freePort()
    const kafka = await startService('kafka', { stateDir, how: 'local', attached: true, port })
    expect(kafka.url).toBe(`kafka://127.0.0.1:${port}`)
    await kafka.stop()
    expect(await isGone(kafka.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })
})

/** Java and Maven that are programs of our own, and an empty cache. */
async function fakes(java: string, mvn?: string): Promise<NodeJS.ProcessEnv> {
  const env = await programs({
    java: `#!/bin/sh\n${java}\n`,
    ...(mvn !== undefined && { mvn: `#!/bin/sh\n${mvn}\n` }),
  })
  const folder = (env['PATH'] ?? '').split(':')[0] ?? ''
  return { PATH: mvn === undefined ? folder : env['PATH'], XDG_CACHE_HOME: join(folder, 'cache') }
}

async function refusal(env: NodeJS.ProcessEnv, fetch = true): Promise<string> {
  const stateDir = await stateFolder()
  const message = await startService('kafka', { stateDir, env, how: 'local', fetch }).then(
    () => 'it did not fail',
    (error: { format(): string }) => error.format(),
  )
  expect(await leftovers(stateDir)).toEqual([])
  return message
}

test('without the broker and without Maven, the error says what to install', async () => {
  const env = await fakes('exit 0')
  expect(await refusal(env)).toMatch(
    /^CB_SERVICE: kafka could not be started: the Kafka broker is not in .*, and mvn, which would fetch it, is not on the PATH\n[^]*next: apt-get install -y default-jre-headless maven/,
  )
})

test('what Maven says is in the error, and nothing half fetched is left', async () => {
  const env = await fakes('exit 0', 'echo "Could not transfer artifact"; exit 1')
  expect(await refusal(env)).toContain('Maven could not fetch the Kafka broker: Could not transfer artifact')
  expect(await readdir(dirname(libraryFolder(env)))).toEqual([])
})

test('it is not fetched when nobody has asked for that', async () => {
  const env = await fakes('exit 0', 'exit 0')
  expect(await refusal(env, false)).toContain('is not to be fetched now')
  expect(existsSync(libraryFolder(env))).toBe(false)
})

test('it is fetched once', async () => {
  const fetching = `for arg; do case "$arg" in -DoutputDirectory=*) echo x >> "$(dirname "$0")/fetched"; echo jar > "\${arg#*=}/kafka.jar";; esac; done`
  const env = await fakes('echo "no luck with $*" >&2; exit 3', fetching)
  for (const round of ['first', 'second']) {
    expect(await refusal(env), round).toContain(
      'the store of a Kafka broker could not be laid out: no luck with',
    )
    expect(await readdir(libraryFolder(env))).toEqual(['kafka.jar'])
  }
  expect(await readFile(join((env['PATH'] ?? '').split(':')[0] ?? '', 'fetched'), 'utf8')).toBe('x\n')
})

test('a broker that ends at once: the error shows its log', async () => {
  const env = await fakes(
    'case "$*" in *StorageTool*) exit 0;; esac; echo "Unsupported class version"; exit 1',
  )
  const jars = (env['PATH'] ?? '').split(':')[0] ?? ''
  expect(existsSync(jars)).toBe(true)
  expect(await refusal({ ...env, CLOUDBENCH_KAFKA_JARS: jars })).toMatch(
    /java ended with exit code 1; its log ends with\n {4}Unsupported class version/,
  )
})

test('Compose tells the broker where clients on the host find it', () => {
  const { image, environment, ports, tmpfs } = definitionOf('kafka').compose(12_345)
  expect(image).toBe('apache/kafka:4.3.0')
  expect(ports).toEqual(['127.0.0.1:12345:9092'])
  expect(environment).toMatchObject({
    KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://127.0.0.1:12345',
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LOG_DIRS: '/tmp/kafka-data',
  })
  expect(tmpfs).toEqual(['/tmp/kafka-data'])
})

const answer = (...brokers: number[]) =>
  Buffer.from([0, 0, 0, 12, 0, 0, 0, 7, 0, 0, 0, brokers.length, ...brokers.flatMap(() => [0, 0, 0, 0])])

test.each([
  [
    'one that has not joined its cluster',
    Buffer.from([0, 0, 0, 8, 0, 0, 0, 7, 0, 0, 0, 0]),
    'it is not ready yet',
  ],
  ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), 'it does not speak the Kafka protocol'],
  [
    'an answer to somebody else',
    Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 0, 0, 0, 1]),
    'it does not speak the Kafka protocol',
  ],
])('%s is not usable', async (_, bytes, why) => {
  const port = await listen((socket) => socket.once('data', () => socket.write(bytes)))
  expect(await probeKafka(port, 5_000)).toEqual({ usable: false, why })
})

test('a server that says nothing, hangs up, or is not there is not usable', async () => {
  const silent = await listen(() => {})
  expect(await probeKafka(silent, 50)).toEqual({ usable: false, why: 'no answer to Metadata within 50 ms' })
  const rude = await listen((socket) => socket.once('data', () => socket.end()))
  expect(await probeKafka(rude, 5_000)).toEqual({
    usable: false,
    why: 'the connection was closed without an answer',
  })
  expect(await probeKafka(await freePort(), 5_000)).toMatchObject({ usable: false })
})

test('an answer in pieces is put together', async () => {
  const whole = answer(1)
  const port = await listen((socket) => {
    socket.setNoDelay(true)
    socket.once('data', () => {
      socket.write(whole.subarray(0, 6), () => setTimeout(() => socket.write(whole.subarray(6)), 5))
    })
  })
  expect(await probeKafka(port, 5_000)).toEqual({ usable: true })
})
