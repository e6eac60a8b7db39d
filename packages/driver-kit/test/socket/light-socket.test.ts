import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import { pemOf } from '@cloudbench/fixtures/certificates'
import { listening } from '@cloudbench/fixtures/tcp-server'
import { expect, onTestFinished, test } from 'vitest'
import { LightSocket, sharedTls, type LightSocketOptions } from '../../src/index.ts'
import { contextOf, peers, readsOf, until } from '../support.ts'

/** An open light socket and the other end of it. */
async function pair(
  options: LightSocketOptions = {},
): Promise<{ readonly light: LightSocket; readonly peer: Socket }> {
  const server = await peers(options.tls !== undefined)
  const light = new LightSocket(options).connect(server.port, '127.0.0.1')
  onTestFinished(() => void light.destroy())
  await once(light, 'connect')
  return { light, peer: await server.next() }
}

const trusted = () => sharedTls(contextOf({ tls: { ca: pemOf('authority.pem') } }))

test('what was read stays the same when more is read into the shared buffer', async () => {
  const { light, peer } = await pair()
  const chunks: Buffer[] = []
  light.on('data', (chunk: Buffer) => chunks.push(chunk))
  for (const letter of 'abc') {
    peer.write(letter.repeat(100))
    await until(() => Buffer.concat(chunks).includes(letter))
  }
  expect(Buffer.concat(chunks).toString()).toBe(`${'a'.repeat(100)}${'b'.repeat(100)}${'c'.repeat(100)}`)
})

test('text and bytes of one turn leave as one, in order', async () => {
  const { light, peer } = await pair()
  const reads = readsOf(peer)
  light.write('one ')
  light.write('two ')
  light.write(Buffer.from('three '))
  light.write('four ')
  light.write(Buffer.from('five'))
  await until(() => reads.join('').endsWith('five'))
  expect(reads).toEqual(['one two three four five'])
})

test('what is written while a read is handled leaves when it is over', async () => {
  const { light, peer } = await pair()
  const reads = readsOf(peer)
  light.on('data', () => {
    light.write('one ')
    light.write('two')
  })
  peer.write('go')
  await until(() => reads.join('').endsWith('two'))
  expect(reads).toEqual(['one two'])
})

test('more than is worth copying keeps its order, and the callback comes after the last of it', async () => {
  const { light, peer } = await pair()
  let received = ''
  peer.on('data', (data: Buffer) => (received += data.toString()))
  light.write('a'.repeat(50_000))
  light.write(Buffer.from('b'.repeat(50_000)))
  await new Promise<void>((resolve) => light.write(Buffer.from('c'), resolve))
  await until(() => received.length === 100_001)
  expect(received).toBe(`${'a'.repeat(50_000)}${'b'.repeat(50_000)}c`)
})

test('an end comes once, also when the connection goes without a word, and then the close', async () => {
  for (const leave of ['end', 'destroy'] as const) {
    const { light, peer } = await pair()
    const events: string[] = []
    for (const name of ['end', 'close']) light.on(name, () => events.push(name))
    light.on('error', () => {})
    if (leave === 'end') peer.end()
    else light.destroy()
    await until(() => events.includes('close'))
    expect(events).toEqual(['end', 'close'])
    expect(light).toMatchObject({ writable: false, destroyed: true })
    expect(light.write('into the void')).toBe(true)
  }
})

test('with TLS it reads and writes the same', async () => {
  const { light, peer } = await pair({ tls: await trusted() })
  const reads = readsOf(peer)
  light.write('hello')
  await until(() => reads.join('') === 'hello')
  peer.write('hello back')
  const [chunk] = (await once(light, 'data')) as [Buffer]
  expect(chunk.toString()).toBe('hello back')
})

/** A server that answers a request for TLS with one letter, and goes on with TLS when that is yes. */
async function startTlsServer(answer: string): Promise<number> {
  const secureContext = createSecureContext({ cert: pemOf('server.pem'), key: pemOf('server.key') })
  const { port } = await listening(
    createServer((plain) => {
      plain.once('data', (request: Buffer) => {
        plain.write(request.toString() === 'TLS?' ? answer : 'what?')
        if (answer !== 'yes') return
        const secure = new TLSSocket(plain, { isServer: true, secureContext })
        secure.on('error', () => {}).pipe(secure)
      })
    }),
  )
  return port
}

const startTls = {
  request: Buffer.from('TLS?'),
  refusal: (answer: Buffer) =>
    answer.toString() === 'yes' ? undefined : Object.assign(new Error('no TLS'), { code: 'NO_TLS' }),
}

test('TLS may begin after a word about it', async () => {
  const tls = await trusted()
  const light = new LightSocket({ tls, startTls }).connect(await startTlsServer('yes'), '127.0.0.1')
  onTestFinished(() => void light.destroy())
  await once(light, 'connect')
  light.write('echo')
  const [chunk] = (await once(light, 'data')) as [Buffer]
  expect(chunk.toString()).toBe('echo')
})

test('or be refused', async () => {
  const tls = await trusted()
  const light = new LightSocket({ tls, startTls }).connect(await startTlsServer('no'), '127.0.0.1')
  const refused = new Promise((resolve) => light.once('error', resolve))
  await once(light, 'close').catch(() => once(light, 'close'))
  expect(await refused).toMatchObject({ code: 'NO_TLS' })
})

test.each([
  ['plain', undefined, undefined, 'plain'],
  ['with TLS', true, undefined, 'tls'],
  ['with TLS after a word about it', true, startTls, 'yes'],
  ['where TLS is refused', true, startTls, 'no'],
  ['where the certificate is not trusted', false, undefined, 'tls'],
] as const)('a connection is counted while the server has it: %s', async (_, isTrusted, start, server) => {
  const counts = { opened: 0, closed: 0 }
  const sockets = { opened: () => void counts.opened++, closed: () => void counts.closed++ }
  const isPlain = server === 'plain'
  const port = isPlain || server === 'tls' ? (await peers(!isPlain)).port : await startTlsServer(server)
  const tls = isPlain ? undefined : isTrusted === true ? await trusted() : await sharedTls(contextOf({}))
  const light = new LightSocket({ tls, sockets, ...(start && { startTls: start }) })
  light.on('error', () => {})
  const ended = new Promise((resolve) => light.once('close', resolve))
  light.connect(port, 'localhost')
  await Promise.race([ended, new Promise((resolve) => light.once('connect', resolve))])
  expect(counts.opened).toBe(1)
  light.destroy()
  await ended
  await until(() => counts.closed === 1)
})

test('a first read that is none of the protocol ends the connection', async () => {
  const foreign = (first: Buffer) =>
    first[0] === 72 ? Object.assign(new Error('HTTP'), { code: 'INVALID_RESPONSE' }) : undefined
  const { light, peer } = await pair({ foreign })
  const refused = new Promise((resolve) => light.once('error', resolve))
  let heard = 0
  light.on('data', () => heard++)
  peer.write('HTTP/1.1 400 Bad Request\r\n')
  expect(await refused).toMatchObject({ code: 'INVALID_RESPONSE' })
  expect(heard).toBe(0)
})

test('an error of the parser ends the connection where that is wanted', async () => {
  const { light, peer } = await pair({ endsOnThrow: true })
  const refused = new Promise((resolve) => light.once('error', resolve))
  light.on('data', () => {
    throw new Error('unknown message')
  })
  peer.write('?')
  expect(await refused).toMatchObject({ message: 'unknown message' })
})
