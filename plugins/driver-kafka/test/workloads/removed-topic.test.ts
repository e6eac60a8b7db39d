import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { withoutKafka } from '../servers/kafka.ts'
import { has, lanes } from '../servers/lanes.ts'
import { createTopic, removeTopic, sharedKafka } from '../servers/shared.ts'

describe.skipIf(withoutKafka).each(lanes)('kafka, by %s', (client) => {
  const broker = sharedKafka()

  test.each(['produce', 'consume', 'roundtrip'].filter((name) => has(client, name)))(
    'a topic that is removed under %s fails by name, and when it is back, so is the load',
    async (workload) => {
      const topic = `removed-${workload}-${client}`
      const options = { client, topic, lingerMs: 0, inFlight: 1 }
      const flow = openFlow(
        driver,
        broker.url,
        workload === 'consume' ? { client, topic, messages: 10 } : options,
        {
          workload,
        },
      )
      await flow.prepare()
      const connection = await flow.open()
      expect(await flow.send(connection)).toMatchObject({ ok: true })
      await removeTopic(broker.admin, topic)
      // until the broker that leads it has heard of it, too
      const sending = async (): Promise<void> => {
        for (;;) await flow.send(connection)
      }
      await expect(sending()).rejects.toMatchObject({
        code: expect.stringMatching(/^(UNKNOWN_TOPIC_OR_PARTITION|NOT_LEADER_OR_FOLLOWER)$/) as string,
      })
      await connection.close()
      await expect(flow.open()).rejects.toMatchObject({
        code: 'CB_CONNECT',
        message: expect.stringContaining(`has no topic "${topic}"`) as string,
      })
      if (workload === 'consume') await flow.prepare()
      else await createTopic(broker.admin, { topic, numPartitions: 1 })
      expect(await flow.send(await flow.open())).toMatchObject({ ok: true })
    },
  )
})
