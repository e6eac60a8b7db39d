import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { services } from '@cloudbench/fixtures/metadata-services'
import { tcpServer } from '@cloudbench/fixtures/tcp-server'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { discovered, serve } from './fixture.ts'

type Name = keyof typeof services
const names = Object.keys(services) as Name[]

/** A server that answers nothing but what it is told to write. */
const talking = async (onSocket: (socket: Socket) => unknown): Promise<string> => {
  const { port } = await tcpServer('http', (socket) => {
    socket.on('error', () => {})
    onSocket(socket)
  })
  return `http://127.0.0.1:${port}`
}
const http = (body: string, headers = 'metadata-flavor: Google\r\n'): string =>
  `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n${headers}\r\n${body}`
const everywhere = (url: string) => Object.fromEntries(names.map((name) => [name, url]))

/** Nothing was found, and everything that is known is why. */
async function expectNothing(input: Record<string, unknown>): Promise<string> {
  const { facts } = await discovered(input)
  expect(Object.keys(facts)).toEqual(['imds.unknown'])
  return facts['imds.unknown'] as string
}

test.each(names)('a service that answers like %s is believed by no other cloud', async (machine) => {
  const { url } = await serve(services[machine]())
  for (const name of names.filter((other) => other !== machine))
    expect(await expectNothing({ endpoint: { [name]: url } })).toMatch(
      new RegExp(`^the service of ${name} at http://127.0.0.1:\\d+ is not believed: it answers`),
    )
})

test.each(names)('one that sends %s elsewhere is not followed', async (name) => {
  const real = await serve(services[name]())
  const { url } = await serve((request, response) => {
    response.writeHead(302, { location: `${real.url}${request.url}`, 'metadata-flavor': 'Google' }).end()
  })
  expect(await expectNothing({ endpoint: { [name]: url } })).toContain('answers with status 302')
  expect(real.asked).toEqual([])
})

test.each([
  { what: 'nothing at all', answer: http('') },
  { what: 'a web page', answer: http('<!doctype html><title>Welcome</title>') },
  { what: 'broken JSON', answer: http('{"compute": {"vmId"', 'content-type: application/json\r\n') },
  {
    what: 'JSON of another shape',
    answer: http('[1, 2, {"compute": null}]', 'content-type: application/json\r\n'),
  },
  { what: 'a null', answer: http('null', 'content-type: application/json\r\n') },
  { what: 'no HTTP', answer: 'SSH-2.0-OpenSSH_9.2p1\r\n' },
  { what: 'a body that ends too soon', answer: http('i-0').replace('length: 3', 'length: 300') },
  {
    what: 'another protocol',
    answer: 'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
  },
  { what: 'endless headers', answer: `HTTP/1.1 200 OK\r\n${'x-padding: 0123456789\r\n'.repeat(1000)}\r\n` },
  { what: 'a hangup', answer: '' },
])('$what is believed by none', async ({ answer }) => {
  const url = await talking((socket) => socket.once('data', () => socket.end(answer)))
  await expectNothing({ endpoint: everywhere(url) })
})

test('a body without end is cut off', async () => {
  let written = 0
  const url = await talking((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nmetadata-flavor: Google\r\ntransfer-encoding: chunked\r\n\r\n')
      const more = (): void => {
        while (!socket.destroyed && socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`)) written += 4096
        if (!socket.destroyed) socket.once('drain', more)
      }
      more()
    })
  })
  expect(await expectNothing({ endpoint: { azure: url } })).toContain('with more than 64 KiB')
  expect(written).toBeGreaterThan(64 * 1024)
})

test.each([
  { what: 'accepts and says nothing', onSocket: () => {} },
  {
    what: 'sends a byte now and then',
    onSocket(socket: Socket) {
      socket.write('HTTP/1.1 200 OK\r\nmetadata-flavor: Google\r\ncontent-length: 100000\r\n\r\n')
      const dripping = setInterval(() => socket.write('1'), 20)
      socket.once('close', () => clearInterval(dripping))
    },
  },
  {
    what: 'says again and again that it goes on',
    onSocket(socket: Socket) {
      const dripping = setInterval(() => socket.write('HTTP/1.1 102 Processing\r\n\r\n'), 20)
      socket.once('close', () => clearInterval(dripping))
    },
  },
])('a service that $what ends with the budget, and leaves no connection', async ({ onSocket }) => {
  const server = await tcpServer('http', (socket) => {
    socket.on('error', () => {}).resume()
    onSocket(socket)
  })
  const url = `http://127.0.0.1:${server.port}`
  expect(await expectNothing({ endpoint: everywhere(url), budgetMs: 200 })).toContain(
    'accepts connections and gives no whole answer within 200 ms',
  )
  expect(server.accepted).toBeGreaterThanOrEqual(names.length)
  await expect.poll(() => server.sockets.size).toBe(0)
})

test('a queue of connections that nothing accepts ends with the budget too', async () => {
  // the kernel drops the packets that open connections once the queue is full, as a firewall does
  const server = createServer({ pauseOnConnect: true })
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 })
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  await expectNothing({ endpoint: everywhere(`http://127.0.0.1:${address.port}`), budgetMs: 200 })
})

test('AWS in a container: the hint names the hop limit', async () => {
  const url = await talking(() => {})
  const { warnings } = await discovered({ endpoint: { aws: url }, budgetMs: 200 })
  expect(warnings).toHaveLength(1)
  expect(warnings[0]).toContain('a hop limit of 1 drops the answer with the token')
})

test('what hangs does not hide what answers', async () => {
  const silent = await talking(() => {})
  const { url } = await serve(services.gcp())
  const { facts } = await discovered({ endpoint: { aws: silent, gcp: url }, budgetMs: 1_500 })
  expect(facts['cloud.provider']).toBe('gcp')
})

test('details that hang are left out, and the rest is known', async () => {
  const aws = services.aws()
  const { url } = await serve((request, response) => {
    if (!request.url?.startsWith('/latest/meta-data/')) aws(request, response)
  })
  const { facts } = await discovered({ endpoint: { aws: url }, budgetMs: 1_000 })
  expect(facts).toMatchObject({ 'host.type': 'c7i.4xlarge', 'host.vCpuCount': 16 })
  expect(facts).not.toHaveProperty(['host.lifecycle'])
  expect(facts).not.toHaveProperty(['network.interfaceCount'])
})

test('two services that claim the machine are both not believed', async () => {
  const both = { aws: (await serve(services.aws())).url, gcp: (await serve(services.gcp())).url }
  const text = await expectNothing({ endpoint: both })
  expect(text).toMatch(/^aws \(http:.*\) and gcp \(http:.*\) both claim this machine: name one in clouds$/)
  const { facts } = await discovered({ endpoint: both, clouds: ['gcp'] })
  expect(facts['cloud.provider']).toBe('gcp')
})

test('no connection stays open after an answer', async () => {
  const service = await serve(services.aws())
  await discovered({ endpoint: { aws: service.url } })
  await expect.poll(service.openCount).toBe(0)
})

test('without a network there is nothing, and no warning', async () => {
  // a port that nothing listens on
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port')
  const { facts, warnings } = await discovered({ endpoint: everywhere(`http://127.0.0.1:${address.port}`) })
  expect(facts).toEqual({ 'imds.unknown': 'no metadata service answers' })
  expect(warnings).toEqual([])
})

test('whatever a service says, discovery resolves, and what it repeats is short and printable', async () => {
  let answer = { status: 200, type: 'text/plain', body: '' }
  const { url } = await serve((_, response) => {
    response.writeHead(answer.status, { 'content-type': answer.type, 'metadata-flavor': 'Google' })
    response.end(answer.body)
  })
  const body = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.json({ maxDepth: 3 }))
  const type = fc.constantFrom('text/plain', 'application/json', 'application/json; charset=utf-8')
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(200, 204, 400, 401, 403, 404, 429, 500), type, body, async (...said) => {
      answer = { status: said[0], type: said[1], body: said[0] === 204 ? '' : said[2] }
      const text = await expectNothing({ endpoint: everywhere(url) })
      expect(text).toMatch(/^[\x20-\x7e·…]+$/)
      expect(text.length).toBeLessThan(1_500)
    }),
    { numRuns: 40 },
  )
})
