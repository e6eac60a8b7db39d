import { connect } from 'node:net'
import { freePort } from '@cloudbench/fixtures/free-port'
import { tcpServer, type TcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow, type Flow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../../src/index.ts'
import { createKafka, startLimitMs, withoutKafka, type KafkaProcess } from '../servers/kafka.ts'
import { has, lanes } from '../servers/lanes.ts'

// long enough for an answer on a busy machine, and for joining the first group of a cluster
const idleMs = 15_000

/** A broker that is only found through a proxy, which counts connections as the broker does. */
async function countedBroker(): Promise<{ readonly broker: KafkaProcess; readonly proxy: TcpServer }> {
  let port = 0
  const proxy = await tcpServer('kafka', (socket) => {
    const behind = connect(port, '127.0.0.1')
    behind.on('error', () => {})
    behind.on('close', () => socket.destroy())
    socket.on('close', () => behind.destroy())
    socket.pipe(behind).pipe(socket)
  })
  const settings = {
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}`,
    'connections.max.idle.ms': String(idleMs),
  }
  const controllerPort = await freePort()
  const broker = await createKafka(settings, {
    id: 1,
    roles: 'broker,controller',
    controllerPort,
    voters: `1@127.0.0.1:${controllerPort}`,
    clusterId: 'Y2xvdWRiZW5jaC1pZGxlLQ',
  })
  onTestFinished(() => broker.close())
  port = Number(broker.url.split(':')[2])
  await broker.start()
  return { broker, proxy }
}

/** Opens a connection and uses it. @returns a function that waits until it is lost. */
async function use({ open, send, lost }: Flow): Promise<() => Promise<void>> {
  const connection = await open()
  expect(await send(connection)).toMatchObject({ ok: true })
  return async () => {
    await lost(connection)
    await connection.close()
  }
}

test.skipIf(withoutKafka)(
  'connections are counted as the broker counts them, also those that it closes while idle, and as it dies',
  { timeout: startLimitMs * 2 },
  async () => {
    const { broker, proxy } = await countedBroker()
    const flows = lanes.flatMap((client) =>
      ['produce', 'consume', 'roundtrip']
        .filter((name) => has(client, name))
        .map((workload) => {
          const topic = `${workload}-${client}`
          const options = { client, topic, partitions: 2, ...(workload === 'consume' && { messages: 10 }) }
          return openFlow(driver, proxy.target, options, { workload })
        }),
    )
    for (const { prepare } of flows) await prepare()
    const before = proxy.accepted
    for (const end of [() => Promise.resolve(), broker.kill]) {
      const losses = await Promise.all(flows.map(use))
      await end()
      await Promise.all(losses.map((untilLost) => untilLost()))
      const sum = (count: (flow: Flow) => number): number => flows.reduce((all, flow) => all + count(flow), 0)
      expect(sum(({ sockets }) => sockets.opened)).toBe(proxy.accepted - before)
      await expect.poll(() => sum(({ sockets }) => sockets.open) - proxy.sockets.size).toBe(0)
    }
  },
)
