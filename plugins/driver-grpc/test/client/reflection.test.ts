import { expect, test } from 'vitest'
import { methodOf } from '../../src/wire/method.ts'
import { readProtoFiles } from '../../src/wire/proto-files.ts'
import { shopFile, shopServer } from '../servers/grpc.ts'
import { opened } from '../opened.ts'
import { send } from '../slot.ts'

const options = { method: 'shop.v1.Orders/Get', message: { id: '${uuid}' }, expect: { echo: { id: 'id' } } }

test.for([['v1', 'v1alpha'], ['v1'], ['v1alpha']] as const)(
  'a method is found by reflection %j',
  async (reflection) => {
    const server = await shopServer({ reflection })
    const { connection } = await opened(server.target, options)
    expect((await send(connection)).name).toBe('OK')
    // one to look, and one for everything else
    expect(server.accepted).toBe(2)
  },
)

test('the JSON form of a method is found by reflection too', async () => {
  const server = await shopServer({ reflection: ['v1alpha'] })
  // nothing speaks HTTP/1.1 there: that the method has a form is known before that is found out
  const { connection } = await opened(server.target, options, { workload: 'json' })
  await expect(send(connection)).rejects.toMatchObject({ code: expect.stringMatching(/^[A-Z_]+$/) as string })
  await expect(
    opened(server.target, { ...options, message: { lines: ['a'] } }, { workload: 'json' }),
  ).rejects.toThrow('GET /v1/orders/{id}: id is not set')
})

test('files and reflection say the same of a method', async () => {
  const { bindings } = methodOf(readProtoFiles([shopFile], []), 'shop.v1.Orders/Put')
  expect(bindings).toEqual([{ verb: 'PUT', path: '/v1/orders/{id}', body: '*', responseBody: 'lines' }])
})

test('a server without reflection is named as that', async () => {
  const server = await shopServer()
  await expect(opened(server.target, options)).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: 'the server has no reflection, and there is no .proto file',
    next: 'set the option proto to the .proto file of the service',
  })
})

test('an unknown service is refused with those that there are', async () => {
  const server = await shopServer({ reflection: ['v1'] })
  await expect(opened(server.target, { method: 'shop.v1.Order/Get' })).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: 'the server has no service shop.v1.Order',
    expected: 'one of shop.v1.Orders',
  })
})

test('an unknown method is refused with those that there are', async () => {
  const server = await shopServer({ reflection: ['v1'] })
  await expect(opened(server.target, { method: 'shop.v1.Orders/Fetch' })).rejects.toMatchObject({
    code: 'CB_CONNECT',
    message: 'shop.v1.Orders has no method Fetch',
    expected: 'one of shop.v1.Orders/Get, shop.v1.Orders/Put, shop.v1.Orders/Watch',
  })
})
