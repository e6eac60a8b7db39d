import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { createMemoryBroker } from '../../src/loopback/broker.ts'
import { serve } from '../../src/loopback/connection.ts'
import { has, lanes } from '../servers/lanes.ts'

describe.each(lanes)('%s', (client) => {
  test.each(['produce', 'consume', 'roundtrip'].filter((name) => has(client, name)))(
    '%s: an idle connection that the broker closes is reported, and every connection was counted',
    async (workload) => {
      let accepted = 0
      const { port, target, sockets } = await tcpServer('kafka', (socket) => {
        accepted++
        serve(socket, broker)
      })
      const broker = createMemoryBroker({ host: '127.0.0.1', port }, (_, admitted) => admitted(false))
      const options = { client, ...(workload === 'consume' && { messages: 10 }) }
      const tested = openFlow(driver, target, options, { workload })
      await tested.prepare()
      const before = accepted
      const connection = await tested.open()
      expect(tested.sockets.opened).toBe(accepted - before)
      for (const socket of sockets) socket.destroy()
      expect(await tested.lost(connection)).toMatchObject({
        code: expect.stringMatching(/CONNECTION_CLOSED|ECONNRESET/) as string,
      })
      await connection.close()
      await expect.poll(() => tested.sockets.open).toBe(0)
      expect(await tested.send(await tested.open())).toMatchObject({ ok: true })
      expect(tested.sockets.opened).toBe(accepted - before)
    },
  )
})
