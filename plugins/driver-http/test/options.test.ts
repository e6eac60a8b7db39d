import { parse } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'

test('the workload request needs no options', async () => {
  expect(await parse(driver, {}, 'request')).toEqual({
    method: 'GET',
    headers: {},
    expect: { status: '2xx' },
    pipelining: 1,
    keepAlive: true,
    connectTimeoutMs: 10_000,
    client: 'wire',
  })
})

test('the workload json-api posts a random id to /v1/data', async () => {
  expect(await parse(driver, {}, 'json-api')).toMatchObject({
    method: 'POST',
    path: '/v1/data',
    body: { id: '${uuid}' },
  })
})

test.for([
  ['500ms', 500],
  ['1.5s', 1_500],
  ['2min', 120_000],
])('connectTimeoutMs %s is %i ms', async ([written, connectTimeoutMs]) => {
  expect(await parse(driver, { connectTimeoutMs: written }, 'request')).toMatchObject({ connectTimeoutMs })
})

test.for([
  [{ metod: 'GET' }, 'did you mean method?'],
  [{ method: 'CONNECT' }, 'CONNECT is not supported'],
  [{ method: 'G T' }, 'is not a method'],
  [{ path: 'users' }, 'must begin with /'],
  [{ path: '/a b' }, 'percent-encoded'],
  [{ path: '/${uid}' }, 'there is no generator ${uid}: did you mean ${uuid}?'],
  [{ body: { id: '${uuidd}' } }, 'did you mean ${uuid}?'],
  [
    { headers: { 'x-id': '${int:5}' } },
    '${int:5} needs the smallest and the largest number, as in ${int:1:1000}',
  ],
  [{ headers: { 'x y': '1' } }, 'is not a header name'],
  [{ headers: { 'x-id': 'a\r\nb' } }, 'one line'],
  [{ headers: { Connection: 'close' } }, 'set keepAlive to false'],
  [{ pipelining: 4, keepAlive: false }, 'pipelining needs keepAlive'],
  [{ client: 'wire', proxy: 'env' }, 'write undici, or leave client out'],
  [{ client: 'axios' }, 'client'],
  [{ pipelining: 0 }, 'must be greater than 0'],
  [{ connectTimeoutMs: '5 parsecs' }, 'is not a duration'],
  [{ connectTimeoutMs: 2_000 }, 'needs a unit'],
  [{ connectTimeoutMs: 0 }, 'must be greater than 0'],
  [{ expect: { status: '9xx' } }, 'expect.status'],
  [{ expect: { body: { has: 'x' } } }, 'has'],
  [{ tls: { cert: 'client.pem' } }, 'cert and key belong together'],
] as const)('%j is refused: %s', async ([options, message]) => {
  await expect(parse(driver, options, 'request')).rejects.toThrow(message)
})

test('what goes through a proxy is spoken by undici', async () => {
  expect(await parse(driver, { proxy: 'env' }, 'request')).toMatchObject({ client: 'undici' })
  expect(await parse(driver, { proxy: 'env', client: 'undici' }, 'request')).toMatchObject({
    client: 'undici',
  })
})
