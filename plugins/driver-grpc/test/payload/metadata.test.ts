import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, onTestFinished, test } from 'vitest'
import { clients } from '../../src/clients.ts'
import driver from '../../src/index.ts'
import { shopFile, shopServer } from '../servers/grpc.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: '1' } }
const metadata = {
  authorization: 'Bearer token',
  'x-request': '${uuid}',
  'x-number': 'n ${index}',
  'x-data-bin': 'aGVsbG8=',
}

test.for(Object.keys(clients))(
  'every call of %s has the metadata, with freshly generated parts',
  async (client) => {
    const server = await shopServer()
    const flow = openFlow(driver, server.target, { ...shop, metadata, client })
    const connection = await flow.open()
    for (let index = 0; index < 3; index++) await flow.send(connection, index)
    expect(server.seen.map((one) => one.get('x-number'))).toEqual([['n 0'], ['n 1'], ['n 2']])
    expect(new Set(server.seen.map((one) => one.get('x-request')[0])).size).toBe(3)
    for (const one of server.seen) {
      expect(one.get('authorization')).toEqual(['Bearer token'])
      expect(one.get('x-data-bin')).toEqual([Buffer.from('hello')])
    }
  },
)

async function headersOf(options: Record<string, unknown>): Promise<IncomingHttpHeaders[]> {
  const seen: IncomingHttpHeaders[] = []
  const front = createServer(({ headers }, response) => {
    seen.push(headers)
    response.end('{}')
  })
  front.listen(0, '127.0.0.1')
  await once(front, 'listening')
  onTestFinished(() => void front.close())
  const jsonUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}`
  const flow = openFlow(driver, 'grpc://127.0.0.1:1', { ...shop, jsonUrl, ...options }, { workload: 'json' })
  const connection = await flow.open()
  await flow.send(connection, 1)
  await flow.send(connection, 2)
  await flow.send(connection, 3)
  return seen
}

test('JSON requests have it as headers', async () => {
  const seen = await headersOf({ metadata, deadline: '1.5s' })
  expect(seen.map((headers) => headers['x-number'])).toEqual(['n 1', 'n 2', 'n 3'])
  for (const headers of seen)
    expect(headers).toMatchObject({
      authorization: 'Bearer token',
      'grpc-timeout': '1500m',
      'x-data-bin': 'aGVsbG8=',
    })
})

test('names can have a prefix, as some gateways require', async () => {
  const [headers] = await headersOf({ metadata, metadataPrefix: 'Grpc-Metadata-' })
  expect(headers).toMatchObject({ authorization: 'Bearer token', 'grpc-metadata-x-number': 'n 1' })
})
