import { freePort } from '@cloudbench/fixtures/free-port'
import { openFlow } from '@cloudbench/testkit/flow'
import type { Admin } from 'kafkajs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import driver from '../src/index.ts'
import { createKafka, kafkaClient, startLimitMs, withoutKafka, type KafkaProcess } from './servers/kafka.ts'
import { lanes } from './servers/lanes.ts'
import { createTopic } from './servers/shared.ts'

const dead = expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/) as string
/** Longer than a leader takes to be elected on a busy machine. */
const patient = { connectTimeoutMs: '2m' } as const

describe.skipIf(withoutKafka)('kafka', () => {
  let survivor: KafkaProcess
  let victim: KafkaProcess
  let admin: Admin
  beforeAll(async () => {
    const controllerPort = await freePort()
    const node = (id: number, roles: string): Promise<KafkaProcess> =>
      createKafka(
        { 'broker.session.timeout.ms': '3000', 'min.insync.replicas': '1' },
        {
          id,
          roles,
          controllerPort,
          voters: `1@127.0.0.1:${controllerPort}`,
          clusterId: 'Y2xvdWRiZW5jaC10d28tdA',
        },
      )
    survivor = await node(1, 'broker,controller')
    victim = await node(2, 'broker')
    await Promise.all([survivor.start(), victim.start()])
    admin = kafkaClient(survivor.url).admin()
    await admin.connect()
  }, startLimitMs * 2)
  afterAll(async () => {
    await admin.disconnect()
    await Promise.all([victim.close(), survivor.close()])
  })

  test.each(lanes)(
    '%s, killed under load: everything in flight fails at once; back again, nothing acknowledged is lost',
    { timeout: startLimitMs * 2 },
    async (client) => {
      const topic = `lone-${client}`
      await vi.waitFor(
        () => createTopic(admin, { topic, replicaAssignment: [{ partition: 0, replicas: [2] }] }),
        { timeout: startLimitMs },
      )
      const options = { client, topic, lingerMs: 0, inFlight: 64, ...patient }
      const { prepare, open, audit, send, sendAll, countOf } = openFlow(driver, victim.url, options)
      await prepare()
      const connection = await open()
      let stored = 0
      let killing: Promise<void> | undefined
      const failures: unknown[] = []
      await Promise.all(
        Array.from({ length: 64 }, async (_, index) => {
          while (failures.length === 0)
            try {
              await send(connection, index)
              if (++stored === 5_000) killing = victim.kill()
            } catch (error) {
              failures.push(error)
            }
        }),
      )
      await killing
      for (const failure of failures) expect(failure).toMatchObject({ code: dead })
      await expect(send(connection)).rejects.toMatchObject({ code: dead })
      await connection.close()
      await expect(open()).rejects.toThrow(/nothing listens/)

      await victim.start()
      const again = await vi.waitFor(() => open(), { timeout: startLimitMs })
      expect(countOf(await sendAll(again, 500))).toEqual({ stored: 500 })
      // the page cache outlives a killed process
      const [first, twice, order] = await audit()
      expect(first).toMatchObject({ status: 'passed', violations: 0 })
      expect(first!.examined).toBeGreaterThanOrEqual(5_500)
      expect(twice).toMatchObject({ status: 'passed' })
      expect(order).toMatchObject({ violations: 0 })
    },
  )

  test.each(lanes)(
    '%s: when the leader of a partition is lost, the connection fails, and a new one writes to the next leader',
    { timeout: startLimitMs * 2 },
    async (client) => {
      const topic = `moving-${client}`
      await vi.waitFor(
        () => createTopic(admin, { topic, replicaAssignment: [{ partition: 0, replicas: [2, 1] }] }),
        { timeout: startLimitMs },
      )
      const { prepare, open, audit, send, sendAll, countOf } = openFlow(driver, survivor.url, {
        client,
        topic,
        inFlight: 32,
        ...patient,
      })
      await prepare()
      const connection = await open()
      expect(countOf(await sendAll(connection, 1_000))).toEqual({ stored: 1_000 })
      await victim.kill()
      await expect(send(connection)).rejects.toMatchObject({ code: dead })
      await connection.close()
      // as the host does: again and again until it works
      const reopened = await vi.waitFor(() => open(), { timeout: startLimitMs })
      expect(countOf(await sendAll(reopened, 1_000))).toEqual({ stored: 1_000 })
      for (const finding of await audit()) expect(finding).toMatchObject({ violations: 0 })
      await victim.start()
    },
  )

  test(
    'with too few replicas in sync, acks: all is refused, and fewer acks are enough',
    { timeout: startLimitMs * 2 },
    async () => {
      const topic = 'insync'
      await vi.waitFor(
        () =>
          createTopic(admin, {
            topic,
            replicaAssignment: [{ partition: 0, replicas: [1, 2] }],
            configEntries: [{ name: 'min.insync.replicas', value: '2' }],
          }),
        { timeout: startLimitMs },
      )
      const opened = async (acks: string, options = {}) => {
        const flow = openFlow(driver, survivor.url, {
          topic,
          acks,
          lingerMs: 0,
          ackTimeoutMs: '1s',
          ...patient,
          ...options,
        })
        await flow.prepare()
        return { ...flow, connection: await flow.open() }
      }
      const all = await opened('all')
      expect(await all.send(all.connection)).toMatchObject({ name: 'stored' })
      await victim.kill()
      // the first ones wait in vain for the lost replica
      const refused = await vi.waitFor(
        async () => {
          const outcome = await all.send(all.connection)
          expect(outcome.name).toBe('NOT_ENOUGH_REPLICAS')
          return outcome
        },
        { timeout: startLimitMs },
      )
      expect(refused).toMatchObject({
        ok: false,
        example: expect.stringContaining('fewer replicas are in sync than min.insync.replicas') as string,
      })
      for (const finding of await all.audit()) expect(finding).toMatchObject({ violations: 0 })
      const sent = await opened('none')
      expect(await sent.send(sent.connection)).toMatchObject({ name: 'sent', ok: true })
      // the audit gives replicas as long as a connection may take
      const kept = await opened('leader', { connectTimeoutMs: '5s' })
      expect(await kept.send(kept.connection)).toMatchObject({ name: 'stored', ok: true })
      expect(await kept.audit()).toMatchObject([
        { violations: 0 },
        {
          status: 'skipped',
          message: expect.stringContaining('not examined: replicas are behind') as string,
        },
        { violations: 0 },
        { violations: 0 },
      ])
    },
  )
})
