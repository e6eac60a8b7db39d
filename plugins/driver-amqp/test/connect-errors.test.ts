import { readFileSync } from 'node:fs'
import type { AddressInfo, Socket } from 'node:net'
import { certificateFile } from '@cloudbench/fixtures/certificates'
import { networkErrors, strangerErrors, targetErrors } from '@cloudbench/fixtures/drivers/connect-errors'
import { refusalsOf, refusalText } from '@cloudbench/fixtures/refusal'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import rhea from 'rhea'
import { expect, onTestFinished, test } from 'vitest'
import driver from '../src/index.ts'
import { flow, onEachLane, ownQueue } from './fixtures/context.ts'
import { sharedRabbit, startTimeoutMs as timeout, withoutRabbit } from './servers/rabbit.ts'

onEachLane((client) => {
  const refusal = refusalsOf(driver, { create: false, client })

  const server = async (onSocket?: (socket: Socket) => unknown): Promise<string> =>
    (await tcpServer('amqp', onSocket)).target

  networkErrors(refusal, 'amqp', 'an AMQP 1.0 broker')
  targetErrors(refusal, 'amqp://host:port', [
    'http://a',
    'amqp://a/b/c',
    'amqp://a?x=1',
    'amqp://user:100%@a',
    'amqp://a/100%',
  ])
  strangerErrors(refusal, 'amqp', 'AMQP 1.0', /CB_CONNECT: no connection to/)

  test('a queue cannot be created where no broker answers', async () => {
    const prepared = (url: string): Promise<string> =>
      refusalText(flow(url, { connectTimeoutMs: '2s' }).prepare())
    expect(await prepared('amqp://127.0.0.1:1')).toMatch(/nothing listens on 127\.0\.0\.1:1/)
    expect(await prepared(await server((socket) => socket.destroy()))).toMatch(/CB_CONNECT/)
    const text = await prepared((await server()).replace('//', '//user:S3cret@'))
    expect(text).toMatch(/does not answer[^]*connectTimeoutMs/)
    expect(text).not.toContain('S3cret')
  })

  test('a server that speaks an older AMQP', async () => {
    const older = await server((socket) => {
      socket.on('data', () => socket.end(Buffer.from('AMQP\0\0\u0009\u0001', 'latin1')))
    })
    expect(await refusal(older)).toMatch(/is not speaking AMQP 1\.0: .*0-9-1[^]*rabbitmq_amqp1_0/)
  })

  test('a broker that offers no mechanism the driver has', async () => {
    const container = rhea.create_container()
    container.sasl_server_mechanisms.enable_plain(() => false)
    for (const event of ['disconnected', 'connection_error', 'error']) container.on(event, () => {})
    const listening = container.listen({ port: 0, host: '127.0.0.1' })
    await new Promise((resolve) => listening.once('listening', resolve))
    onTestFinished(() => void listening.close())
    const { port } = listening.address() as AddressInfo
    expect(await refusal(`amqp://127.0.0.1:${port}`)).toMatch(
      /offers no way to authenticate that the driver knows: No suitable mechanism/,
    )
  })

  test('EXTERNAL: the broker knows the client by its certificate', async () => {
    const container = rhea.create_container()
    const peers: unknown[] = []
    container.on('connection_open', ({ connection }) => {
      const { sasl_transport: sasl } = connection as unknown as {
        readonly sasl_transport: { mechanism: object }
      }
      peers.push([sasl.mechanism.constructor.name, connection.get_peer_certificate()?.subject.CN])
    })
    container.on('receiver_open', ({ receiver }) => receiver!.set_target({ address: 'q' }))
    for (const event of ['disconnected', 'connection_error', 'connection_close', 'error'])
      container.on(event, () => {})
    const listening = container.listen({
      port: 0,
      host: '127.0.0.1',
      transport: 'tls',
      ca: readFileSync(certificateFile('authority.pem')),
      cert: readFileSync(certificateFile('server.pem')),
      key: readFileSync(certificateFile('server.key')),
      requestCert: true,
      enable_sasl_external: true,
      require_sasl: true,
    } as never)
    await new Promise((resolve) => listening.once('listening', resolve))
    onTestFinished(() => void listening.close())
    const { port } = listening.address() as AddressInfo
    const tls = {
      ca: certificateFile('authority.pem'),
      cert: certificateFile('client.pem'),
      key: certificateFile('client.key'),
    }
    const options = { create: false, sasl: 'external', tls }
    await flow(`amqps://localhost:${port}`, options, { workload: 'send' }).open()
    expect(peers).toEqual([['ExternalServer', expect.any(String)]])
  })

  test('PLAIN without a user is not tried', async () => {
    expect(await refusal('amqp://127.0.0.1:1', { sasl: 'plain' })).toMatch(/sasl: plain needs a user/)
  })

  test.skipIf(withoutRabbit)('a wrong password', { timeout }, async () => {
    const { userUrl } = await sharedRabbit()
    const wrong = userUrl.replace('guest:guest', 'guest:wr0ng')
    for (const text of [await refusal(wrong), await refusalText(flow(wrong).prepare())]) {
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
      expect(await refusalText(flow(url, { queue: 'no-such', create: false }, { workload }).open())).toMatch(
        /has no queue no-such: .*\n.*\n.*options\.create/,
      )
  })

  test.skipIf(withoutRabbit)('a virtual host that does not exist', { timeout }, async () => {
    const { userUrl } = await sharedRabbit()
    expect(await refusal(`${userUrl}/nowhere`)).toMatch(/denied access[^]*virtual host nowhere/)
    expect(await refusalText(flow(`${userUrl}/nowhere`).prepare())).toMatch(
      /denied access[^]*virtual host nowhere/,
    )
  })

  test.skipIf(withoutRabbit)('TLS: trusted by its authority, otherwise refused', { timeout }, async () => {
    const { tlsUrl, url } = await sharedRabbit()
    expect(await refusal(tlsUrl)).toMatch(/the certificate of localhost:\d+ is not trusted[^]*set tls\.ca/)
    expect(await refusalText(flow(tlsUrl).prepare())).toMatch(/is not trusted/)
    const trusting = flow(tlsUrl, {
      queue: ownQueue(),
      tls: { ca: certificateFile('authority.pem') },
      pipelining: 8,
    })
    await trusting.prepare()
    expect(trusting.countOf(await trusting.sendAll(await trusting.open(), 100))).toEqual({ received: 100 })
    await trusting.cleanup()
    const careless = flow(tlsUrl, { queue: ownQueue(), tls: { rejectUnauthorized: false } })
    await careless.prepare()
    expect(await careless.send(await careless.open())).toMatchObject({ ok: true })
    expect(careless.warnings[0]).toBe('certificates are not verified (tls.rejectUnauthorized is false)')
    const otherName = { ca: certificateFile('authority.pem'), servername: 'elsewhere.test' }
    expect(await refusal(tlsUrl, { tls: otherName })).toMatch(/is for another name/)
    expect(await refusal(tlsUrl, { tls: { ca: '/no/such/file' } })).toMatch(/tls\.ca cannot be read: ENOENT/)
    expect(await refusal(url.replace('amqp:', 'amqps:'))).toMatch(/does not speak TLS|CB_CONNECT/)
  })
})
