import { certificateFile, pemOf } from '@cloudbench/fixtures/certificates'
import { freePort } from '@cloudbench/fixtures/free-port'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { proxyOf } from '../../src/client/proxy.ts'
import { parseTarget } from '../../src/target.ts'
import { requestFlow } from '../fixtures/flow.ts'
import { httpServer, until, type HttpServer } from '../servers/http.ts'
import { proxyServer } from '../servers/proxy.ts'

const login = `Basic ${Buffer.from('me:p@ss word').toString('base64')}`
const credentials = 'me:p%40ss%20word@'

function withLogin(url: string): string {
  return url.replace('//', `//${credentials}`)
}

function withEnvironment(variables: Readonly<Record<string, string>>): void {
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'])
    vi.stubEnv(name, variables[name])
  onTestFinished(() => void vi.unstubAllEnvs())
}

const secure = (): Promise<HttpServer> =>
  httpServer(undefined, { cert: pemOf('server.pem'), key: pemOf('server.key') })

describe('a target without TLS', () => {
  test('is asked for by its whole url, and the proxy gets the credentials', async () => {
    const server = await httpServer()
    const proxy = await proxyServer(server.port)
    const flow = requestFlow('http://shop.test/base?key=1', {
      method: 'POST',
      path: '/orders/${index}',
      body: 'x',
      proxy: withLogin(proxy.url),
    })
    const connection = await flow.open()
    expect(flow.countOf(await flow.sendAll(connection, 3))).toEqual({ '200': 3 })
    expect(proxy.asked.map(({ method, url }) => `${method} ${url}`)).toEqual(
      [0, 1, 2].map((index) => `POST http://shop.test/base/orders/${index}?key=1`),
    )
    expect(proxy.asked[0]!.headers).toMatchObject({ host: 'shop.test', 'proxy-authorization': login })
    expect(server.seen[0]).toMatchObject({ url: '/base/orders/0?key=1', body: 'x' })
  })

  test.for([true, false])('connections are those to the proxy: keepAlive %s', async (keepAlive) => {
    const server = await httpServer()
    const proxy = await proxyServer(server.port)
    const flow = requestFlow('http://shop.test', { keepAlive, proxy: proxy.url })
    const connection = await flow.open()
    await flow.sendAll(connection, 5)
    expect(flow.sockets.opened).toBe(proxy.accepted)
    expect(proxy.accepted).toBe(keepAlive ? 1 : 5)
    await connection.close()
    await until(() => flow.sockets.open === 0 && proxy.sockets.size === 0)
  })
})

describe('a target with TLS', () => {
  const tls = { ca: certificateFile('authority.pem') }

  test.for([true, false])('is reached through a tunnel: keepAlive %s', async (keepAlive) => {
    const server = await secure()
    const proxy = await proxyServer(server.port)
    const flow = requestFlow(server.target, { keepAlive, tls, proxy: withLogin(proxy.url) })
    const connection = await flow.open()
    expect(flow.countOf(await flow.sendAll(connection, 5))).toEqual({ '200': 5 })
    const count = keepAlive ? 1 : 5
    expect(proxy.asked.map(({ method, url }) => `${method} ${url}`)).toEqual(
      Array(count).fill(`CONNECT localhost:${server.port}`),
    )
    expect(proxy.asked[0]!.headers['proxy-authorization']).toBe(login)
    expect(server.seen[0]!.url).toBe('/')
    expect(server.seen[0]!.headers).not.toHaveProperty('proxy-authorization')
    expect([flow.sockets.opened, proxy.accepted, server.accepted]).toEqual([count, count, count])
    await connection.close()
    await until(() => flow.sockets.open === 0 && server.sockets.size === 0)
  })

  test.for([
    [407, /give its credentials/],
    [403, /check the option proxy/],
  ] as const)('a proxy that answers %i is named before the load', async ([status, next]) => {
    const server = await secure()
    const proxy = await proxyServer(server.port, status)
    const flow = requestFlow(server.target, { tls, proxy: withLogin(proxy.url) })
    const error = (await flow.open().catch((cause: unknown) => cause)) as { format(): string; next: string }
    expect(error).toMatchObject({
      code: 'CB_CONNECT',
      message: `no connection through the proxy 127.0.0.1:${proxy.port} to localhost:${server.port}: the proxy answers ${status} Refused`,
      next: expect.stringMatching(next) as string,
    })
    expect(error.format()).not.toMatch(/p@ss|p%40ss|me:p/)
  })

  test('one that refuses a later tunnel fails the request, by the name of what it did', async () => {
    const server = await secure()
    const proxy = await proxyServer(server.port)
    const flow = requestFlow(server.target, { tls, keepAlive: false, proxy: proxy.url })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('200')
    proxy.refusal = 502
    await expect(flow.send(connection, 1)).rejects.toMatchObject({
      code: 'PROXY_REFUSED',
      message: 'the proxy answers 502 Refused',
    })
    expect(flow.sockets.opened).toBe(server.accepted)
  })

  test('a certificate that is not trusted is that of the target', async () => {
    const server = await secure()
    const proxy = await proxyServer(server.port)
    await expect(requestFlow(server.target, { proxy: proxy.url }).open()).rejects.toThrow(
      `the certificate of localhost:${server.port} is not trusted`,
    )
  })
})

test('a proxy that cannot be reached is named, and not the target', async () => {
  const port = await freePort()
  await expect(
    requestFlow('http://shop.test', { proxy: `http://127.0.0.1:${port}` }).open(),
  ).rejects.toMatchObject({
    message: `nothing listens on 127.0.0.1:${port}`,
    next: 'start it, or correct the option proxy',
  })
})

test('env takes the proxy of the environment', async () => {
  const server = await httpServer()
  const proxy = await proxyServer(server.port)
  withEnvironment({ HTTP_PROXY: withLogin(proxy.url), NO_PROXY: 'other.test' })
  const flow = requestFlow('http://shop.test', { proxy: 'env' })
  expect((await flow.send(await flow.open())).name).toBe('200')
  expect(proxy.asked[0]!.headers['proxy-authorization']).toBe(login)
  expect(flow.warnings).toEqual([])
})

test('env leaves loopback out', async () => {
  const server = await httpServer()
  const proxy = await proxyServer(server.port)
  withEnvironment({ HTTP_PROXY: proxy.url })
  for (const options of [{ proxy: 'env' }, {}]) {
    const flow = requestFlow(server.target, options)
    expect((await flow.send(await flow.open())).name).toBe('200')
    expect(flow.warnings).toEqual([])
  }
  expect(proxy.accepted).toBe(0)
})

test.for(['https://me:secret@proxy.test', 'socks5://me:secret@proxy.test', 'http://me:secret@', ':secret'])(
  '%s is refused, and not shown',
  async (proxy) => {
    const error = (await requestFlow('http://shop.test', { proxy })
      .open()
      .catch((cause: unknown) => cause)) as {
      format(): string
    }
    expect(error).toMatchObject({ code: 'CB_PLUGIN_OPTIONS' })
    expect(error.format()).toContain('is not the url of an HTTP proxy')
    expect(error.format()).not.toContain('secret')
  },
)

describe('a proxy that the environment names and no option asks for', () => {
  const warnings = async (target: string, variables: Readonly<Record<string, string>>): Promise<string[]> => {
    withEnvironment(variables)
    const lines: string[] = []
    const context = {
      options: {},
      log: { warn: (line: string) => void lines.push(line) },
      share: (_key: string, create: () => unknown) => Promise.resolve(create()),
      worker: { index: 0, total: 1 },
    } as unknown as Parameters<typeof proxyOf>[0]
    expect(await proxyOf(context, parseTarget(target))).toBeUndefined()
    return lines
  }

  test.for([
    ['http://shop.test', { HTTP_PROXY: 'http://me:secret@proxy.test' }, 'HTTP_PROXY'],
    ['http://shop.test', { HTTP_PROXY: 'http://a.test', http_proxy: 'http://b.test' }, 'http_proxy'],
    ['https://shop.test', { HTTPS_PROXY: 'proxy.test:3128' }, 'HTTPS_PROXY'],
    ['https://shop.test', { HTTP_PROXY: 'proxy.test:3128' }, 'HTTP_PROXY'],
    ['http://shop.test', { HTTP_PROXY: 'x', NO_PROXY: 'other.test,*.shop.test' }, 'HTTP_PROXY'],
  ] as const)('is named in a warning: %s with %o', async ([target, variables, name]) => {
    const lines = await warnings(target, variables)
    expect(lines).toEqual([expect.stringContaining(`${name} is set and not used`)])
    expect(lines[0]).not.toContain('secret')
  })

  test.for([
    ['http://shop.test', {}],
    ['http://shop.test', { HTTP_PROXY: '' }],
    ['http://shop.test', { HTTPS_PROXY: 'http://proxy.test' }],
    ['http://a.shop.test', { HTTP_PROXY: 'x', NO_PROXY: 'shop.test' }],
    ['http://localhost:8080', { HTTP_PROXY: 'x' }],
    ['http://127.1.2.3', { HTTP_PROXY: 'x' }],
    ['http://[::1]:80', { HTTP_PROXY: 'x' }],
    ['unix:/run/app.sock', { HTTP_PROXY: 'x' }],
  ] as const)('needs no warning: %s with %o', async ([target, variables]) => {
    expect(await warnings(target, variables)).toEqual([])
  })
})
