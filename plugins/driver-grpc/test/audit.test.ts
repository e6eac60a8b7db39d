import { momentsOf } from '@cloudbench/fixtures/drivers/answered'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import { sharedLedger } from '../src/audit/ledger.ts'
import driver from '../src/index.ts'
import { shopFile, shopServer } from './servers/grpc.ts'

const shop = {
  method: 'shop.v1.Orders/Get',
  proto: shopFile,
  message: { id: 'order ${uuid}', lines: ['a'] },
  expect: { echo: { id: 'id' } },
}

test('expected answers pass', async () => {
  const server = await shopServer()
  const flow = openFlow(driver, server.target, shop)
  const connection = await flow.open()
  for (let index = 0; index < 20; index++) await flow.send(connection, index)
  expect(await flow.audit()).toEqual([
    { name: 'answers are as expected', status: 'passed', examined: 20, violations: 0 },
  ])
})

test('an answer to another request is found', async () => {
  let first: Buffer | undefined
  const server = await shopServer({
    get(call, callback) {
      first ??= call.request
      callback(null, server.seen.length === 3 ? first : call.request)
    },
  })
  const flow = openFlow(driver, server.target, shop)
  const connection = await flow.open()
  const names: string[] = []
  for (let index = 0; index < 5; index++) names.push((await flow.send(connection, index)).name)
  expect(names).toEqual(['OK', 'OK', 'unexpected answer', 'OK', 'OK'])
  expect(await flow.audit()).toEqual([
    {
      name: 'answers are as expected',
      status: 'failed',
      examined: 5,
      violations: 1,
      message: expect.stringMatching(
        /^id is "order [0-9a-f-]{36}" instead of "order [0-9a-f-]{36}"$/,
      ) as string,
    },
  ])
})

test('an answer is compared after the time that counts', async () => {
  const server = await shopServer({ get: (_call, callback) => callback(null, Buffer.alloc(0)) })
  const flow = openFlow(driver, server.target, shop)
  const isCompared = (): boolean =>
    flow.drain().operations[0]!.outcomes['unexpected answer']?.example !== undefined
  expect(await momentsOf(await flow.open(), isCompared)).toEqual({ answered: false, done: true })
})

test('a corrupt answer is found', async () => {
  const server = await shopServer({ get: (_call, callback) => callback(null, Buffer.from([0xff, 0xff])) })
  const flow = openFlow(driver, server.target, shop)
  const connection = await flow.open()
  expect(await flow.send(connection)).toMatchObject({ name: 'unexpected answer', ok: false })
  const [finding] = await flow.audit()
  expect(finding!.message).toContain('not a shop.v1.Order: ')
})

test.for([
  [{ amount: 3 }, 'OK'],
  [{ amount: '3' }, 'OK'],
  [{ amount: 4 }, 'unexpected answer'],
  [{ 'lines.0': 'a', note: 'n', cash: true }, 'OK'],
  [{ 'lines.1': 'b' }, 'unexpected answer'],
  [{ cash: false }, 'unexpected answer'],
  [{ card: 'x' }, 'unexpected answer'],
] as const)('an answer expected to have %j: %s', async ([message, name]) => {
  const server = await shopServer()
  const flow = openFlow(driver, server.target, {
    ...shop,
    message: { lines: ['a'], amount: 3, note: 'n', cash: true },
    expect: { message },
  })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe(name)
})

test.for([
  [{ message: { total: 1 } }, 'shop.v1.Order has no field "total"'],
  [{ echo: { total: 'id' } }, 'shop.v1.Order has no field "total"'],
  [{ echo: { id: 'amount' } }, 'amount is not in the message'],
  [{ echo: { lines: 'lines' } }, 'lines is not a single value'],
] as const)('%j is refused: %s', async ([expectation, what]) => {
  const server = await shopServer()
  await expect(
    openFlow(driver, server.target, {
      ...shop,
      message: { id: 'a', lines: ['${uuid}'] },
      expect: expectation,
    }).open(),
  ).rejects.toThrow(what)
})

test('the audit is skipped when nothing was compared', async () => {
  const ledger = await sharedLedger({ flow: 'main', share: async (_key, create) => create() })
  expect([ledger.finding()]).toMatchObject([{ status: 'skipped', examined: 0 }])
})
