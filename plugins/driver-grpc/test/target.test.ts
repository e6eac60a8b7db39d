import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openFlow } from '@cloudbench/testkit/flow'
import { Server, ServerCredentials } from '@grpc/grpc-js'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { parseTarget } from '../src/target.ts'
import { shopFile, unaryOfBytes } from './servers/grpc.ts'

const shop = { method: 'shop.v1.Orders/Get', proto: shopFile, message: { id: 'a' } }

async function socketPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-grpc-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return join(folder, 'shop.sock')
}

test.for([
  ['grpc://shop', { isTls: false, hostname: 'shop', port: 50_051, authority: 'shop:50051' }],
  [
    'grpcs://[::1]:8443/v1/',
    { isTls: true, hostname: '::1', port: 8443, basePath: '/v1', shown: '[::1]:8443' },
  ],
  ['unix:/run/shop.sock', { socketPath: '/run/shop.sock', authority: 'localhost', shown: '/run/shop.sock' }],
  ['unix:///run/shop.sock', { socketPath: '/run/shop.sock' }],
] as const)('%s is read', ([url, expected]) => {
  expect(parseTarget(url)).toMatchObject(expected)
})

test('calls reach a server on a Unix socket, and its connections are counted', async () => {
  const path = await socketPath()
  const server = new Server()
  const hosts: string[] = []
  server.addService(
    { get: unaryOfBytes('/shop.v1.Orders/Get') },
    {
      get(call: { getHost(): string; request: Buffer }, callback: (error: null, answer: Buffer) => void) {
        hosts.push(call.getHost())
        callback(null, call.request)
      },
    },
  )
  onTestFinished(() => server.forceShutdown())
  await new Promise<void>((resolve, reject) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) =>
      error ? reject(error) : resolve(),
    )
  })
  const flow = openFlow(driver, `unix:${path}`, { ...shop, expect: { echo: { id: 'id' } } })
  expect((await flow.send(await flow.open())).name).toBe('OK')
  expect(hosts).toEqual(['localhost'])
  expect(flow.sockets).toEqual({ opened: 1, open: 1 })
})

test('and so does their JSON form', async () => {
  const path = await socketPath()
  const front = createServer((_request, response) => response.end('{"id":"a"}'))
  onTestFinished(() => void front.close())
  await new Promise<void>((resolve) => void front.listen(path, resolve))
  const flow = openFlow(
    driver,
    `unix:${path}`,
    { ...shop, expect: { echo: { id: 'id' } } },
    { workload: 'json' },
  )
  expect((await flow.send(await flow.open())).name).toBe('OK')
})

test('a socket that is not there is named', async () => {
  const path = await socketPath()
  for (const workload of ['unary', 'json'])
    await expect(openFlow(driver, `unix:${path}`, shop, { workload }).open()).rejects.toThrow(
      `ENOENT ${path}`,
    )
})
