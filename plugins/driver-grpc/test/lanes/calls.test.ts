import { openFlow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { clients } from '../../src/clients.ts'
import driver from '../../src/index.ts'
import { shopFile, shopServer } from '../servers/grpc.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: 'a' } }

describe.each(Object.keys(clients))('%s', (client) => {
  test('calls name the authority of the options, else host and port of the target', async () => {
    const hosts: string[] = []
    const server = await shopServer({
      get(call, callback) {
        hosts.push(call.getHost())
        callback(null, call.request)
      },
    })
    for (const options of [{ authority: 'orders.internal:8443' }, {}]) {
      const flow = openFlow(driver, server.target, { ...shop, client, ...options })
      expect((await flow.send(await flow.open())).name).toBe('OK')
    }
    expect(hosts).toEqual(['orders.internal:8443', `127.0.0.1:${server.port}`])
  })

  test('messages are sent compressed when asked for, and answers are read', async () => {
    const lines = ['x'.repeat(200_000)]
    const received = async (options: object): Promise<number> => {
      const server = await shopServer()
      const flow = openFlow(driver, server.target, {
        ...shop,
        client,
        message: { lines },
        expect: { echo: { 'lines.0': 'lines.0' } },
        ...options,
      })
      expect((await flow.send(await flow.open())).name).toBe('OK')
      return [...server.sockets].reduce((sum, socket) => sum + socket.bytesRead, 0)
    }
    expect(await received({})).toBeGreaterThan(200_000)
    expect(await received({ compression: 'gzip' })).toBeLessThan(20_000)
  })
})
