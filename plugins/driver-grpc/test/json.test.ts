import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { readJsonStream } from '../src/wire/json-answer.ts'
import { demoMethod } from './fixtures/demo.ts'

const shelf = 'shelves/${int:1:9}'

test.for([
  [
    'GetBook',
    { name: `${shelf}/books/\${uuid}`, tags: ['a b', 'c/d&e'], filter: { minPages: '9007199254740993' } },
    { name: 'name' },
  ],
  ['GetBook', { isbn: '${string:13}' }, {}],
  [
    'CreateBook',
    { parent: shelf, requestId: '${uuid}', book: { title: '${string:40}', pages: '${int:1:900}' } },
    { title: 'book.title', pages: 'book.pages' },
  ],
  [
    'UpdateBook',
    { name: `${shelf}/books/1`, price: 1.5, lent: '${choice:true:false}', labels: { a: '${uuid}' } },
    { name: 'name', price: 'price', lent: 'lent' },
  ],
  [
    'ArchiveBook',
    { name: 'shelves/1/a/b/${uuid}', reason: 'ö "${string:3}"' },
    { name: 'name', title: 'reason' },
  ],
])('%s of %j means the same natively and as JSON', async ([name, message, echo]) => {
  const { target } = await loopbackServer(driver)
  const options = { method: demoMethod(name as string), message, expect: { echo } }
  for (const workload of ['unary', 'json'] as const) {
    const flow = openFlow(driver, target, options, { workload })
    const connection = await flow.open()
    for (let index = 0; index < 20; index++)
      expect(await flow.send(connection, index)).toMatchObject({ name: 'OK', ok: true, operation: workload })
  }
})

test('a stream of answers is read to its end', async () => {
  const { target } = await loopbackServer(driver)
  const options = {
    method: demoMethod('ListBooks'),
    message: { parent: shelf, count: 7 },
    expect: { messages: 7, message: { title: '' } },
  }
  const flow = openFlow(driver, target, options, { workload: 'json' })
  const connection = await flow.open()
  expect((await flow.send(connection)).name).toBe('OK')
  const wrong = openFlow(driver, target, { ...options, expect: { messages: 8 } }, { workload: 'json' })
  const wrongConnection = await wrong.open()
  expect((await wrong.send(wrongConnection)).name).toBe('unexpected answer')
})

test('messages are sent in turn', async () => {
  const { target } = await loopbackServer(driver)
  const message = [{ name: 'shelves/1/books/1' }, { name: 'shelves/1/books/missing' }, { isbn: '3' }]
  for (const workload of ['unary', 'json'] as const) {
    const flow = openFlow(driver, target, { message }, { workload })
    const connection = await flow.open()
    const names: string[] = []
    for (let index = 0; index < 4; index++) names.push((await flow.send(connection, index)).name)
    expect(names).toEqual(['OK', 'NOT_FOUND', 'OK', 'OK'])
  }
})

test('requests may be pipelined', async () => {
  const { target } = await loopbackServer(driver)
  const flow = openFlow(
    driver,
    target,
    { streams: 5, expect: { echo: { name: 'name' } } },
    { workload: 'json' },
  )
  const connection = await flow.open()
  expect(connection.streams).toBe(5)
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, index) => flow.send(connection, index)))
  expect(outcomes.map(({ name }) => name)).toEqual(Array(20).fill('OK'))
})

test.for([
  ['[{"id":"1"},{"id":"2"}]', { messages: ['{"id":"1"}', '{"id":"2"}'], code: 0 }],
  ['', { messages: [], code: 0 }],
  ['{"result":{"id":"1"}}\n{"error":{"code":8,"message":"enough"}}\n', { messages: ['{"id":"1"}'], code: 8 }],
  ['{"error":{"grpc_code":4,"http_code":504}}', { messages: [], code: 4 }],
  ['{"error":"?"}', { messages: [], code: 2 }],
  ['<html>', { messages: [], code: 13 }],
] as const)('a stream %j is %j', ([body, stream]) => {
  expect(readJsonStream(Buffer.from(body))).toEqual(stream)
})
