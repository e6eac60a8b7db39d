import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { LightSocket } from '../../src/client/light-socket.ts'
import { tcpServer, until } from '../servers/http.ts'

/** A light socket and the other end of it. */
async function pair(): Promise<{ readonly light: LightSocket; readonly peer: Socket }> {
  let peer: Socket | undefined
  const server = await tcpServer((socket) => {
    peer = socket
  })
  let light: LightSocket | undefined
  const socket = connect({
    port: server.port,
    host: '127.0.0.1',
    onread: { buffer: Buffer.alloc(1024), callback: (length, buffer) => light!.receive(length, buffer) },
  })
  await once(socket, 'connect')
  light = new LightSocket(socket)
  onTestFinished(() => void socket.destroy())
  await until(() => peer !== undefined)
  return { light, peer: peer! }
}

/** Collects what the other end receives, read by read. */
function readsOf(peer: Socket): string[] {
  const reads: string[] = []
  peer.on('data', (data: Buffer) => reads.push(data.toString('latin1')))
  return reads
}

/** `once` would fail on an error. */
function closeOf(light: LightSocket): Promise<unknown> {
  return new Promise((resolve) => light.on('close', resolve))
}

test('what was read stays the same when more is read into the shared buffer', async () => {
  const { light, peer } = await pair()
  const chunks: Buffer[] = []
  light.on('readable', () => {
    for (let chunk = light.read(); chunk !== null; chunk = light.read()) chunks.push(chunk)
  })
  for (const letter of 'abc') {
    peer.write(letter.repeat(100))
    await until(() => Buffer.concat(chunks).includes(letter))
  }
  expect(Buffer.concat(chunks).toString()).toBe(`${'a'.repeat(100)}${'b'.repeat(100)}${'c'.repeat(100)}`)
})

test('reading stops while nobody takes what was read, and loses nothing', async () => {
  const { light, peer } = await pair()
  const sent = Buffer.alloc(300_000, '0123456789')
  peer.write(sent)
  await once(light, 'readable')
  expect(light.bytesRead).toBeLessThanOrEqual(1024)
  const chunks: Buffer[] = []
  const take = (): void => {
    for (let chunk = light.read(); chunk !== null; chunk = light.read()) chunks.push(chunk)
  }
  take()
  light.on('readable', take)
  await until(() => Buffer.concat(chunks).length === sent.length)
  expect(Buffer.concat(chunks).equals(sent)).toBe(true)
})

test('what is given back is read again, before what comes later', async () => {
  const { light, peer } = await pair()
  peer.write('hello')
  await once(light, 'readable')
  expect(light.read()?.toString()).toBe('hello')
  light.unshift(Buffer.from('llo'))
  peer.write(' world')
  await once(light, 'readable')
  expect(light.read()?.toString()).toBe('llo world')
  expect(light.read()).toBeNull()
})

test('corked writes leave as one, head and body, byte for byte', async () => {
  const { light, peer } = await pair()
  const reads = readsOf(peer)
  const body = Buffer.from('ä€😀\0\u00FF')
  light.cork()
  light.write('head\r\n\r\n', 'latin1')
  light.write(body)
  expect(light.bytesWritten).toBe(0)
  light.uncork()
  await until(() => reads.join('').length === 8 + body.length)
  expect(
    Buffer.from(reads.join(''), 'latin1').equals(Buffer.concat([Buffer.from('head\r\n\r\n'), body])),
  ).toBe(true)
})

test('writes made while a read is handled leave when it is over', async () => {
  const { light, peer } = await pair()
  const reads = readsOf(peer)
  const written: number[] = []
  light.once('readable', () => {
    light.read()
    light.write('one ', 'latin1')
    light.write('two ', 'latin1')
    written.push(light.bytesWritten)
  })
  peer.write('go')
  await until(() => reads.join('') === 'one two ')
  expect(written).toEqual([0])
})

test('a large body keeps its place behind its head, and fills up the socket', async () => {
  const { light, peer } = await pair()
  peer.pause()
  const body = Buffer.alloc(8_000_000, 'x')
  light.cork()
  light.write('head', 'latin1')
  expect(light.write(body)).toBe(false)
  light.uncork()
  expect(light.writableNeedDrain).toBe(true)
  expect(light.writableLength).toBeGreaterThan(0)
  let received = 0
  let start = ''
  peer.on('data', (data: Buffer) => {
    if (received === 0) start = data.subarray(0, 5).toString()
    received += data.length
  })
  peer.resume()
  await once(light, 'drain')
  await until(() => received === body.length + 4)
  expect(start).toBe('headx')
})

test('the end of the other side, an error and the close are passed on', async () => {
  const ended = await pair()
  const events: string[] = []
  for (const name of ['end', 'error', 'close']) ended.light.on(name, () => events.push(name))
  ended.peer.end()
  await once(ended.light, 'close')
  expect(events).toEqual(['end', 'close'])
  expect(ended.light.destroyed).toBe(true)

  const failed = await pair()
  const reset = new Promise<NodeJS.ErrnoException>((resolve) => failed.light.once('error', resolve))
  const closed = closeOf(failed.light)
  failed.peer.resetAndDestroy()
  expect((await reset).code).toBe('ECONNRESET')
  await closed
  expect(failed.light.errored).toMatchObject({ code: 'ECONNRESET' })
})

test('destroy with an error says so, once', async () => {
  const { light } = await pair()
  const errors: Error[] = []
  light.on('error', (error: Error) => errors.push(error))
  const closed = closeOf(light)
  light.destroy(new Error('enough'))
  light.destroy(new Error('again'))
  await closed
  expect(errors.map(({ message }) => message)).toEqual(['enough'])
})
