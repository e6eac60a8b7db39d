import { once } from 'node:events'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo, Server } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { grpcGateway } from '../../src/grpc-gateway/definition.ts'
import { listen } from '../support/server.ts'
import { patienceMs } from '../support/wait.ts'

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('an open port is not enough', async () => {
  const port = await listen(() => {})
  expect(await grpcGateway.probe(port, 50)).toEqual({
    usable: false,
    why: 'no answer to a health check within 50 ms',
  })
})

test('a server of another protocol is not usable', async () => {
  const web = await portOf(createServer((_request, response) => response.end('hello')))
  expect(await grpcGateway.probe(web, patienceMs)).toMatchObject({ usable: false })
  const hangsUp = await listen((socket) => socket.end())
  expect(await grpcGateway.probe(hangsUp, patienceMs)).toMatchObject({ usable: false })
})

test.for([
  [{ 'content-type': 'text/html' }, '0', [], 'it is not speaking gRPC'],
  [{ 'content-type': 'application/grpc' }, '0', [0, 0, 0, 0, 2, 8, 2], 'it is not serving'],
  [{ 'content-type': 'application/grpc' }, '5', [], 'with status 5'],
] as const)('an answer with %j, status %s and %j is not usable', async ([headers, status, body, why]) => {
  const server = createHttp2Server()
  server.on('stream', (stream) => {
    stream.respond(headers, { waitForTrailers: true })
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
    stream.end(Buffer.from(body))
  })
  const probe = await grpcGateway.probe(await portOf(server), patienceMs)
  expect(probe).toEqual({ usable: false, why: expect.stringContaining(why) as string })
})

test('it asks for the service by name', async () => {
  const server = createHttp2Server()
  const seen: Buffer[] = []
  server.on('stream', (stream) => {
    stream.on('data', (chunk: Buffer) => seen.push(chunk))
    stream.on('end', () => {
      stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }))
      stream.end(Buffer.from([0, 0, 0, 0, 2, 8, 1]))
    })
  })
  expect(await grpcGateway.probe(await portOf(server), patienceMs)).toEqual({ usable: true })
  expect(Buffer.concat(seen).toString('latin1')).toBe(
    '\u0000\u0000\u0000\u0000\u001C\n\u001Acloudbench.demo.v1.Library',
  )
})
