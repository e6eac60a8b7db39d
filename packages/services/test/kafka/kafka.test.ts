import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { findService, listServices, startService, stopService } from '../../src/index.ts'
import { freePort } from '../../src/machine/port.ts'
import { definitionOf } from '../../src/table.ts'
import { withoutKafka } from '../support/installed.ts'
import { fakeJava, refusal } from '../support/java.ts'
import { listenersOf } from '../support/listeners.ts'
import { leftovers, stateFolder } from '../support/state-folder.ts'
import { isGone, patienceMs } from '../support/wait.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  test('up, found, listed, on loopback only, and down without a trace', async () => {
    const stateDir = await stateFolder()
    const kafka = await startService('kafka', { stateDir, how: 'local' })
    expect(kafka).toMatchObject({ name: 'kafka', how: 'local', reused: false, notes: [] })
    expect(kafka.url).toMatch(/^kafka:\/\/cloudbench:[0-9a-f]{32}@127\.0\.0\.1:\d+$/)
    expect(await findService('kafka', { stateDir, timeoutMs: patienceMs })).toBe(kafka.url)
    expect(await listServices({ stateDir, timeoutMs: patienceMs })).toMatchObject([
      { url: kafka.url, pid: kafka.pid, usable: true },
    ])
    expect(await startService('kafka', { stateDir, timeoutMs: patienceMs })).toMatchObject({
      url: kafka.url,
      reused: true,
    })
    // for clients, and for the controller
    if (process.platform === 'linux') expect(await listenersOf(kafka.pid!)).toEqual(['loopback', 'loopback'])
    expect(await stopService('kafka', { stateDir })).toEqual({ stopped: true, url: kafka.url })
    expect(await isGone(kafka.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })

  test('an attached one gets its own port, and goes', async () => {
    const stateDir = await stateFolder()
    const port = await freePort()
    const kafka = await startService('kafka', { stateDir, how: 'local', attached: true, port })
    expect(new URL(kafka.url).port).toBe(String(port))
    await kafka.stop()
    expect(await isGone(kafka.pid)).toBe(true)
    expect(await leftovers(stateDir)).toEqual([])
  })
})

test('a broker that ends at once: the error shows its log', async () => {
  const env = await fakeJava(
    'case "$*" in *StorageTool*) exit 0;; esac; echo "Unsupported class version"; exit 1',
  )
  const jars = (env['PATH'] ?? '').split(':')[0] ?? ''
  expect(existsSync(jars)).toBe(true)
  expect(await refusal({ ...env, CLOUDBENCH_KAFKA_JARS: jars })).toMatch(
    /java ended with exit code 1; its log ends with\n {4}Unsupported class version/,
  )
})

test('Compose tells the broker where clients on the host find it', () => {
  const { image, environment, ports, tmpfs } = definitionOf('kafka').compose(12_345, 'pw')
  expect(image).toBe('apache/kafka:4.3.0')
  expect(ports).toEqual(['127.0.0.1:12345:9092'])
  expect(environment).toMatchObject({
    KAFKA_ADVERTISED_LISTENERS: 'CLIENT://127.0.0.1:12345',
    KAFKA_LISTENER_NAME_CLIENT_PLAIN_SASL_JAAS_CONFIG: expect.stringContaining(
      'user_cloudbench="pw"',
    ) as string,
    KAFKA_PROCESS_ROLES: 'broker,controller',
    KAFKA_LOG_DIRS: '/tmp/kafka-data',
  })
  expect(tmpfs).toEqual(['/tmp/kafka-data'])
})
