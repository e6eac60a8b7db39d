import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flow } from '../context.ts'
import { freePort, realKafka, startLimitMs, withoutKafka, type RealKafka } from '../servers/kafka.ts'
import { countOf, send, sendAll } from '../send.ts'

describe.skipIf(withoutKafka)('kafka', () => {
  let nodes: RealKafka[] = []
  beforeAll(async () => {
    const controllerPort = await freePort()
    const node = (id: number, roles: string) =>
      realKafka(
        { 'broker.session.timeout.ms': '3000', 'min.insync.replicas': '1' },
        {
          id,
          roles,
          controllerPort,
          voters: `1@127.0.0.1:${controllerPort}`,
          clusterId: 'Y2xvdWRiZW5jaC10d28tdA',
        },
      )
    nodes = await Promise.all([node(1, 'broker,controller'), node(2, 'broker')])
  }, startLimitMs * 2)
  afterAll(async () => {
    for (const node of nodes.toReversed()) await node.close()
  })

  test(
    'when the leader of a partition is lost, the connection fails, and a new one writes to the next leader',
    { timeout: startLimitMs },
    async () => {
      const [survivor, leader] = nodes as [RealKafka, RealKafka]
      await survivor.admin.connect()
      await survivor.admin.createTopics({
        topics: [{ topic: 'moving', replicaAssignment: [{ partition: 0, replicas: [2, 1] }] }],
        waitForLeaders: true,
      })
      const { open, audit } = flow(survivor.url, { topic: 'moving', inFlight: 32 })
      const connection = await open()
      expect(countOf(await sendAll(connection, 1_000))).toEqual({ stored: 1_000 })
      await leader.kill()
      await expect(send(connection)).rejects.toMatchObject({
        code: expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/) as string,
      })
      await connection.close()
      // as the host does: again and again until it works
      const reopened = await eventually(() => open())
      expect(countOf(await sendAll(reopened, 1_000))).toEqual({ stored: 1_000 })
      for (const finding of await audit()) expect(finding).toMatchObject({ status: 'passed', violations: 0 })
    },
  )
})

async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const untilMs = performance.now() + startLimitMs
  for (;;) {
    try {
      return await attempt()
    } catch (error) {
      if (performance.now() > untilMs) throw error
    }
  }
}
