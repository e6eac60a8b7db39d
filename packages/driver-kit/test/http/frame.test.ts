import type { Call } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { createFrame, sendOn, type Composed } from '../../src/http/frame.ts'
import type { HttpRequest } from '../../src/http/request.ts'
import { compileJson, compileTemplate } from '../../src/index.ts'
import type { LightSocket } from '../../src/socket/light-socket.ts'
import { Outgoing } from '../../src/socket/outgoing.ts'

const blank = { start: '', rest: undefined, bodyBytes: -1, index: 0, traceAt: 0 }
const call: Call = { index: 7, random: () => 0.5 }

/** The pieces in which a request leaves, as Latin-1 text. */
function sent({
  path = '/',
  ...request
}: Partial<Omit<HttpRequest, 'path'>> & { readonly path?: string }): string[] {
  const frame = createFrame(
    { method: 'GET', path: compileTemplate(path), headers: [], body: undefined, ...request },
    { host: 'h:8080', keepAlive: true },
  )
  const composed: Composed = { ...blank }
  frame.compose(call, composed)
  const outgoing = new Outgoing()
  const pieces: string[] = []
  sendOn(
    {
      reserve: (bytes: number) => outgoing.reserve(bytes),
      get out() {
        return outgoing.out
      },
      write: (piece: Buffer) => outgoing.add(piece),
    } as unknown as LightSocket,
    composed,
  )
  const socket = {
    cork() {},
    uncork() {},
    writableLength: 0,
    write: (piece: Buffer) => void pieces.push(piece.toString('latin1')),
  }
  outgoing.flush(socket as unknown as Parameters<Outgoing['flush']>[0])
  return pieces
}

const ofGet = 'GET / HTTP/1.1\r\nhost: h:8080\r\nconnection: keep-alive\r\n'
const ofPost = ofGet.replace('GET', 'POST')

test('without generated parts it is bytes, made once', () => {
  const frame = createFrame(
    { method: 'GET', path: compileTemplate('/'), headers: [], body: undefined },
    { host: 'h:8080', keepAlive: false },
  )
  const composed: Composed = { ...blank }
  frame.compose(call, composed)
  const first = composed.start
  frame.compose(call, composed)
  expect(composed.start).toBe(first)
  expect(String(first)).toBe('GET / HTTP/1.1\r\nhost: h:8080\r\nconnection: close\r\n\r\n')
})

test.each([
  ['no body', { body: undefined }, `${ofGet}\r\n`],
  ['no body where one is usual', { method: 'POST' }, `${ofPost}content-length: 0\r\n\r\n`],
  [
    'a text',
    { method: 'POST', body: compileTemplate('ä') },
    `${ofPost}content-length: 2\r\n\r\n\u00C3\u00A4`,
  ],
  ['bytes', { body: Buffer.from([0, 255]) }, `${ofGet}content-length: 2\r\n\r\n\0\u00FF`],
  ['a generated body', { body: compileJson({ n: '${index}' }) }, `${ofGet}content-length: 7\r\n\r\n{"n":7}`],
  [
    'a generated body beyond ASCII',
    { body: compileTemplate('ä${index}€') },
    `${ofGet}content-length: 6\r\n\r\n${Buffer.from('ä7€').toString('latin1')}`,
  ],
  ['a generated path', { path: '/${index}' }, `${ofGet.replace('/', '/7')}\r\n`],
  [
    'generated headers, in Latin-1',
    { headers: [['x-a', compileTemplate('ü${index}')]], body: Buffer.from([255]) },
    `${ofGet}x-a: ü7\r\ncontent-length: 1\r\n\r\n\u00FF`,
  ],
  [
    'a host of its own',
    { headers: [['Host', compileTemplate('other')]] },
    'GET / HTTP/1.1\r\nconnection: keep-alive\r\nHost: other\r\n\r\n',
  ],
] as const)('%s leaves in one piece', (_, request, text) => {
  expect(sent(request)).toEqual([text])
})

test('a large body leaves behind its head', () => {
  const body = Buffer.alloc(100_000, 'x')
  const head = `${ofGet}content-length: 100000\r\n\r\n`
  expect(sent({ body })).toEqual([head, body.toString()])
  expect(sent({ path: '/${index}', body })).toEqual([head.replace('/', '/7'), body.toString()])
})
