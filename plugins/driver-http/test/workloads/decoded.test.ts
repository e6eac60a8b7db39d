import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { momentsOf } from '@cloudbench/fixtures/drivers/answered'
import { expect, onTestFinished, test, vi } from 'vitest'
import { decoded } from '../../src/workloads/decoded.ts'
import { onClients } from '../fixtures/flow.ts'
import { httpServer } from '../servers/http.ts'

const text = Buffer.from('{"a":1}')

onClients((requestFlow) => {
  test.for([
    ['gzip', gzipSync(text)],
    ['deflate', deflateSync(text)],
    ['br', brotliCompressSync(text)],
    ['zstd', zstdCompressSync(text)],
    ['deflate, gzip', gzipSync(deflateSync(text))],
  ] as const)('a body in %s is checked as what it says', async ([encoding, body]) => {
    const { target } = await httpServer((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    )
    const send = async (equals: string): Promise<string> => {
      const flow = requestFlow(target, { expect: { body: { equals } } })
      return (await flow.send(await flow.open())).name
    }
    expect(await send('{"a":1}')).toBe('200')
    expect(await send('{"a":2}')).toBe('body mismatch')
  })

  test('what cannot be decoded, and what becomes too large, is left as it came', () => {
    expect(decoded(text, 'gzip')).toBeUndefined()
    expect(decoded(text, 'compress')).toBeUndefined()
    expect(decoded(gzipSync(Buffer.alloc(70_000_000)), 'gzip')).toBeUndefined()
  })

  test('a body is decoded and checked after the time that counts', async () => {
    const { target } = await httpServer((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
    )
    const parse = vi.spyOn(JSON, 'parse')
    onTestFinished(() => parse.mockRestore())
    const checks = (): number => parse.mock.calls.filter(([body]) => body === '{"a":1}').length
    const checked = await requestFlow(target, { expect: { body: { json: { a: 1 } } } }).open()
    expect(await momentsOf(checked, checks)).toEqual({ answered: 0, done: 1 })
    // reading the clock once more costs time, too
    const plain = await requestFlow(target).open()
    expect(await momentsOf(plain, checks)).toEqual({ answered: undefined, done: 1 })
  })
})
