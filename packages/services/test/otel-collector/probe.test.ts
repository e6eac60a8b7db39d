import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { probeOtlp } from '../../src/otel-collector/probe.ts'
import { listen } from '../support/server.ts'
import { patienceMs } from '../support/wait.ts'

async function portOf(answer: RequestListener): Promise<number> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

test('a receiver accepts that there is nothing', async () => {
  const port = await portOf((_, response) => response.end('{"partialSuccess":{}}'))
  expect(await probeOtlp(port, patienceMs)).toEqual({ usable: true })
})

test('an open port is not enough', async () => {
  const port = await listen(() => {})
  expect(await probeOtlp(port, 50)).toEqual({
    usable: false,
    why: 'no answer to OTLP over HTTP within 50 ms',
  })
})

test('a server of another protocol is not usable, nor is none at all', async () => {
  const page = await portOf((_, response) => response.end('<html>hello</html>'))
  expect(await probeOtlp(page, patienceMs)).toMatchObject({ usable: false })
  const refuses = await portOf((_, response) => response.writeHead(401).end('{}'))
  expect(await probeOtlp(refuses, patienceMs)).toEqual({
    usable: false,
    why: 'it answers OTLP over HTTP with status 401, and no OTLP',
  })
  const hangsUp = await listen((socket) => socket.end())
  expect(await probeOtlp(hangsUp, patienceMs)).toMatchObject({ usable: false })
  expect(await probeOtlp(1, patienceMs)).toMatchObject({ usable: false })
})
