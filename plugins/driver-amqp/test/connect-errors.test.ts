import { createServer, type AddressInfo, type Socket } from 'node:net'
import type { CloudbenchError } from '@cloudbench/core'
import rhea from 'rhea'
import { expect, onTestFinished, test } from 'vitest'
import { flow, ownQueue } from './fixtures/context.ts'
import { fixture, sharedRabbit, startTimeoutMs as timeout, withoutRabbit } from './servers/rabbit.ts'

async function messageOf(refused: Promise<unknown>): Promise<string> {
  return await refused.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: CloudbenchError) => error.format(),
  )
}

const refusal = (url: string, options: Record<string, unknown> = {}): Promise<string> =>
  messageOf(flow(url, { create: false, ...options }).open())

async function server(onSocket: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const listening = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    onSocket(socket)
  })
  await new Promise<void>((resolve) => void listening.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    listening.close()
  })
  return `amqp://user:S3cret@127.0.0.1:${(listening.address() as AddressInfo).port}`
}

test('nothing listens', async () => {
  expect(await refusal('amqp://127.0.0.1:1')).toMatch(/CB_CONNECT: nothing listens on 127\.0\.0\.1:1\n/)
  expect(await messageOf(flow('amqp://127.0.0.1:1').prepare())).toMatch(/nothing listens on 127\.0\.0\.1:1/)
})

test('the name does not resolve', async () => {
  expect(await refusal('amqp://no-such-host.invalid')).toMatch(/name no-such-host\.invalid does not resolve/)
})

test.each(['http://127.0.0.1', 'amqp://127.0.0.1/a/b', 'nonsense', 'amqp://127.0.0.1?x=1'])(
  '%s is not the url of a broker',
  async (url) => {
    expect(await refusal(url)).toMatch(/CB_TARGET: .*expected: amqp:\/\/host:port/s)
  },
)

test('a server that accepts connections and never answers times out, and the password is not shown', async () => {
  const url = await server(() => {})
  for (const text of [
    await refusal(url, { connectTimeoutMs: '200ms' }),
    await messageOf(flow(url, { connectTimeoutMs: '200ms' }).prepare()),
  ]) {
    expect(text).toMatch(/does not answer[^]*connectTimeoutMs/)
    expect(text).not.toContain('S3cret')
  }
})

test('a server that speaks something else', async () => {
  const url = await server((socket) => {
    socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))
  })
  expect(await refusal(url)).toMatch(/is not speaking AMQP 1\.0/)
  const older = await server((socket) => {
    socket.on('data', () => socket.end(Buffer.from('AMQP\0\0\u0009\u0001', 'latin1')))
  })
  expect(await refusal(older)).toMatch(/is not speaking AMQP 1\.0: .*0-9-1[^]*rabbitmq_amqp1_0/)
})

test('a server that closes at once', async () => {
  expect(await refusal(await server((socket) => socket.destroy()))).toMatch(/CB_CONNECT: no connection to/)
  expect(await messageOf(flow(await server((socket) => socket.destroy())).prepare())).toMatch(/CB_CONNECT/)
})

test('a broker that offers no mechanism the driver has', async () => {
  const container = rhea.create_container()
  container.sasl_server_mechanisms.enable_plain(() => false)
  for (const event of ['disconnected', 'connection_error', 'error']) container.on(event, () => {})
  const listening = container.listen({ port: 0, host: '127.0.0.1' })
  await new Promise((resolve) => listening.once('listening', resolve))
  onTestFinished(() => void listening.close())
  const { port } = listening.address() as AddressInfo
  expect(await refusal(`amqp://127.0.0.1:${port}`)).toMatch(/rejected the credentials: No suitable mechanism/)
})

test('PLAIN without a user is not tried', async () => {
  expect(await refusal('amqp://127.0.0.1:1', { sasl: 'plain' })).toMatch(/sasl: plain needs a user/)
})

test.skipIf(withoutRabbit)('a wrong password', { timeout }, async () => {
  const { userUrl } = await sharedRabbit()
  const wrong = userUrl.replace('guest:guest', 'guest:wr0ng')
  for (const text of [await refusal(wrong), await messageOf(flow(wrong).prepare())]) {
    expect(text).toMatch(/CB_CONNECT: \S+ rejected the credentials: /)
    expect(text).not.toContain('wr0ng')
  }
})

test.skipIf(withoutRabbit)('PLAIN with a user, ANONYMOUS without', { timeout }, async () => {
  const { url, userUrl } = await sharedRabbit()
  for (const [target, sasl] of [
    [url, 'auto'],
    [url, 'anonymous'],
    [userUrl, 'auto'],
    [userUrl, 'plain'],
  ] as const) {
    const tested = flow(target, { queue: ownQueue(), sasl })
    await tested.prepare()
    expect(await tested.send(await tested.open())).toMatchObject({ ok: true })
    await tested.cleanup()
  }
})

test.skipIf(withoutRabbit)('a queue that does not exist', { timeout }, async () => {
  const { url } = await sharedRabbit()
  for (const workload of ['send', 'receive', 'send-receive'] as const)
    expect(await messageOf(flow(url, { queue: 'no-such', create: false }, { workload }).open())).toMatch(
      /has no queue no-such: .*\n.*\n.*options\.create/,
    )
})

test.skipIf(withoutRabbit)('a virtual host that does not exist', { timeout }, async () => {
  const { userUrl } = await sharedRabbit()
  expect(await refusal(`${userUrl}/nowhere`)).toMatch(/denied access[^]*virtual host nowhere/)
  expect(await messageOf(flow(`${userUrl}/nowhere`).prepare())).toMatch(
    /denied access[^]*virtual host nowhere/,
  )
})

test.skipIf(withoutRabbit)('TLS: trusted by its authority, otherwise refused', { timeout }, async () => {
  const { tlsUrl, url } = await sharedRabbit()
  expect(await refusal(tlsUrl)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
  expect(await messageOf(flow(tlsUrl).prepare())).toMatch(/is not trusted/)
  const trusting = flow(tlsUrl, { queue: ownQueue(), tls: { ca: fixture('authority.pem') }, pipelining: 8 })
  await trusting.prepare()
  expect(trusting.countOf(await trusting.sendAll(await trusting.open(), 100))).toEqual({ received: 100 })
  await trusting.cleanup()
  const careless = flow(tlsUrl, { queue: ownQueue(), tls: { rejectUnauthorized: false } })
  await careless.prepare()
  expect(await careless.send(await careless.open())).toMatchObject({ ok: true })
  expect(careless.warnings[0]).toBe('certificates are not verified (tls.rejectUnauthorized is false)')
  const otherName = { ca: fixture('authority.pem'), servername: 'elsewhere.test' }
  expect(await refusal(tlsUrl, { tls: otherName })).toMatch(/is for another name/)
  expect(await refusal(tlsUrl, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
  expect(await refusal(url.replace('amqp:', 'amqps:'))).toMatch(/does not speak TLS|CB_CONNECT/)
})
