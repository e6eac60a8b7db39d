import { readdir } from 'node:fs/promises'
import { createServer } from 'node:http'
import { createServer as createHttp2Server } from 'node:http2'
import { once } from 'node:events'
import type { AddressInfo, Server } from 'node:net'
import { delimiter } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { findService, startService, stopService } from '../../src/index.ts'
import { findProgram } from '../../src/machine/command.ts'
import { grpcGateway } from '../../src/grpc-gateway/definition.ts'
import { isGone, leftovers, listen, programs, stateFolder } from '../helpers.ts'

/** Where Go usually is, for those who have it and not on the PATH. */
const env = { ...process.env, PATH: `${process.env['PATH']}${delimiter}/usr/local/go/bin` }
const required = (process.env['CLOUDBENCH_REQUIRE_SERVICES'] ?? '').split(/[\s,]+/).includes('grpc-gateway')
const withoutGo = !required && (await findProgram(['go'], env)) === undefined

/** The first build fetches modules. */
const buildMs = 300_000

describe.skipIf(withoutGo)('grpc-gateway', () => {
  test(
    'up, used both ways, found, and down without a trace',
    async () => {
      const stateDir = await stateFolder()
      onTestFinished(async () => void (await stopService('grpc-gateway', { stateDir })))
      const service = await startService('grpc-gateway', { stateDir, how: 'local', env })
      expect(service).toMatchObject({ name: 'grpc-gateway', how: 'local', reused: false, notes: [] })
      const { port, protocol, hostname } = new URL(service.url)
      expect([protocol, hostname]).toEqual(['grpc:', '127.0.0.1'])

      const response = await fetch(`http://127.0.0.1:${port}/v1/shelves/1/books/2`)
      expect(await response.json()).toMatchObject({ name: 'shelves/1/books/2', pages: '9007199254740993' })
      expect(await grpcGateway.probe(Number(port), 5_000)).toEqual({ usable: true })
      expect(await findService('grpc-gateway', { stateDir })).toBe(service.url)

      expect(await stopService('grpc-gateway', { stateDir })).toEqual({ stopped: true, url: service.url })
      expect(await isGone(service.pid)).toBe(true)
      expect(await leftovers(stateDir)).toEqual([])
    },
    buildMs,
  )

  test(
    'attached, it goes when it is stopped',
    async () => {
      const stateDir = await stateFolder()
      const service = await startService('grpc-gateway', { stateDir, how: 'local', env, attached: true })
      await service.stop()
      expect(await isGone(service.pid)).toBe(true)
      expect(await readdir(stateDir)).toEqual([])
    },
    buildMs,
  )
})

test('a build that fails says why, and leaves nothing', async () => {
  const stateDir = await stateFolder()
  const failing = await programs({ go: '#!/bin/sh\necho "main.go:1:1: no luck today" >&2\nexit 1\n' })
  await expect(startService('grpc-gateway', { stateDir, how: 'local', env: failing })).rejects.toThrow(
    'grpc-gateway could not be started: go build: main.go:1:1: no luck today',
  )
  expect(await leftovers(stateDir)).toEqual([])
})

test('without Go it says what to install', async () => {
  const stateDir = await stateFolder()
  await expect(startService('grpc-gateway', { stateDir, env: { PATH: stateDir } })).rejects.toMatchObject({
    message: 'grpc-gateway could not be started: docker is not on the PATH; go is not on the PATH',
    next: expect.stringContaining('https://go.dev/doc/install') as string,
  })
})

describe('its probe', () => {
  async function portOf(server: Server): Promise<number> {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    return (server.address() as AddressInfo).port
  }

  test('does not take an open port for an answer', async () => {
    const port = await listen(() => {})
    expect(await grpcGateway.probe(port, 50)).toEqual({
      usable: false,
      why: 'no answer about its health within 50 ms',
    })
  })

  test('does not take a server of another protocol', async () => {
    const web = await portOf(createServer((_request, response) => response.end('hello')))
    expect(await grpcGateway.probe(web, 5_000)).toMatchObject({ usable: false })
    const hangsUp = await listen((socket) => socket.end())
    expect(await grpcGateway.probe(hangsUp, 5_000)).toMatchObject({ usable: false })
  })

  test.for([
    [{ 'content-type': 'text/html' }, '0', [], 'it does not speak gRPC'],
    [{ 'content-type': 'application/grpc' }, '0', [0, 0, 0, 0, 2, 8, 2], 'it does not serve'],
    [{ 'content-type': 'application/grpc' }, '5', [], 'with status 5'],
  ] as const)('does not take %j with status %s and %j', async ([headers, status, body, why]) => {
    const server = createHttp2Server()
    server.on('stream', (stream) => {
      stream.respond(headers, { waitForTrailers: true })
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': status }))
      stream.end(Buffer.from(body))
    })
    const probe = await grpcGateway.probe(await portOf(server), 5_000)
    expect(probe).toEqual({ usable: false, why: expect.stringContaining(why) as string })
  })

  test('asks for the service by its name', async () => {
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
    expect(await grpcGateway.probe(await portOf(server), 5_000)).toEqual({ usable: true })
    expect(Buffer.concat(seen).toString('latin1')).toBe(
      '\u0000\u0000\u0000\u0000\u001C\n\u001Acloudbench.demo.v1.Library',
    )
  })
})
