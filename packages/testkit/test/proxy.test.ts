import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import { expect, onTestFinished, test } from 'vitest'
import { startProxy } from '../src/proxy/index.ts'

async function beforeEcho() {
  const server = await tcpServer('echo', (socket) => socket.on('data', () => socket.write('ok\n')))
  const passed: string[] = []
  const proxy = await startProxy({
    asked: () => void passed.push('asked'),
    answered: () => void passed.push('answered'),
  })
  onTestFinished(() => proxy.close())
  return { proxy, passed, target: proxy.leadTo(server.target)! }
}

async function client(target: string): Promise<Socket> {
  const socket = connect(Number(new URL(target).port), '127.0.0.1').on('error', () => {})
  await once(socket, 'connect')
  return socket.setEncoding('utf8')
}

async function ask(socket: Socket): Promise<unknown> {
  socket.write('line\n')
  return (await once(socket, 'data'))[0]
}

test('it passes on what is asked and answered, and counts connections', async () => {
  const { proxy, passed, target } = await beforeEcho()
  const socket = await client(target)
  expect(await ask(socket)).toBe('ok\n')
  expect(passed).toEqual(['asked', 'answered'])
  expect([proxy.accepted, proxy.open, String(proxy.sent)]).toEqual([1, 1, 'line\n'])
  proxy.forget()
  expect([proxy.accepted, proxy.open]).toEqual([0, 1])
  socket.destroy()
})

test('it ends connections, and is down for a while at the same port', async () => {
  const { proxy, target } = await beforeEcho()
  const socket = await client(target)
  await ask(socket)
  const closed = once(socket, 'close')
  proxy.drop()
  await closed
  expect(await ask(await client(target))).toBe('ok\n')
  await proxy.close()
  await expect(client(target)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await proxy.reopen()
  expect(await ask(await client(target))).toBe('ok\n')
})

test('it takes no connection before it leads somewhere, and leads nowhere without an address', async () => {
  const proxy = await startProxy()
  onTestFinished(() => proxy.close())
  const socket = connect(proxy.port, '127.0.0.1').resume()
  await once(socket, 'close')
  expect([proxy.accepted, proxy.leadTo('in memory')]).toEqual([0, undefined])
})
