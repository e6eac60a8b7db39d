import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import { clients } from '../../src/clients.ts'
import driver from '../../src/index.ts'
import { methodOf } from '../../src/wire/method.ts'
import { readProtoFiles } from '../../src/wire/proto-files.ts'
import { shopFile, shopServer } from '../servers/grpc.ts'

const options = { method: 'shop.v1.Orders/Get', message: { id: '${uuid}' }, expect: { echo: { id: 'id' } } }

test.for(
  [['v1', 'v1alpha'], ['v1'], ['v1alpha']].flatMap((reflection) =>
    Object.keys(clients).map((client) => ({ reflection, client })),
  ),
)('a method is found by reflection: %j', async ({ reflection, client }) => {
  const server = await shopServer({ reflection: reflection as ('v1' | 'v1alpha')[] })
  const flow = openFlow(driver, server.target, { ...options, client })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('OK')
  expect(server.accepted).toBe(1)
})

test('reflection includes the HTTP forms of a method', async () => {
  const server = await shopServer({ reflection: ['v1alpha'] })
  // the server does not speak HTTP/1.1, which shows only after the method and its form were found
  const flow = openFlow(driver, server.target, options, { workload: 'json' })
  const connection = await flow.open()
  await expect(flow.send(connection)).rejects.toMatchObject({
    code: expect.stringMatching(/^[A-Z_]+$/) as string,
  })
  await expect(
    openFlow(driver, server.target, { ...options, message: { lines: ['a'] } }, { workload: 'json' }).open(),
  ).rejects.toThrow('GET /v1/orders/{id}: id is not set')
})

test('a method read from files has its HTTP form', async () => {
  const { bindings } = methodOf(readProtoFiles([shopFile], []), 'shop.v1.Orders/Put')
  expect(bindings).toEqual([{ verb: 'PUT', path: '/v1/orders/{id}', body: '*', responseBody: 'lines' }])
})

test('a server without reflection is reported as such', async () => {
  const server = await shopServer()
  await expect(openFlow(driver, server.target, options).open()).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: 'the server has no reflection, and no .proto file is set',
    next: 'set the option proto to the .proto file of the service',
  })
})

test('an unknown service is refused with the available ones', async () => {
  const server = await shopServer({ reflection: ['v1'] })
  await expect(openFlow(driver, server.target, { method: 'shop.v1.Order/Get' }).open()).rejects.toMatchObject(
    {
      code: 'CB_CONNECT',
      message: 'the server has no service shop.v1.Order',
      expected: 'one of shop.v1.Orders',
    },
  )
})

test('an unknown method is refused with the available ones', async () => {
  const server = await shopServer({ reflection: ['v1'] })
  await expect(
    openFlow(driver, server.target, { method: 'shop.v1.Orders/Fetch' }).open(),
  ).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: 'shop.v1.Orders has no method Fetch',
    expected: 'one of shop.v1.Orders/Get, shop.v1.Orders/Put, shop.v1.Orders/Watch',
  })
})
