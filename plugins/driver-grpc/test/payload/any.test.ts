import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import { fromBinary, toJson } from '@bufbuild/protobuf'
import { listening } from '@cloudbench/fixtures/tcp-server'
import { openFlow } from '@cloudbench/testkit/flow'
import type { handleUnaryCall } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { readProtoFiles } from '../../src/wire/proto-files.ts'
import { typesOf } from '../../src/wire/well-known.ts'
import { shopServer, unaryOfBytes } from '../servers/grpc.ts'

const proto = fileURLToPath(new URL('../fixtures/any.proto', import.meta.url))
const files = readProtoFiles([proto], [])
const envelope = files.getMessage('any.v1.Envelope')!
const registry = typesOf(files)

const options = {
  method: 'any.v1.Envelopes/Send',
  message: {
    id: '${index}',
    payload: { '@type': 'type.googleapis.com/any.v1.Paid', by: 'Ada ${index}', cents: '${int:7:7}' },
    more: [{ '@type': 'type.googleapis.com/google.protobuf.Duration', value: '3s' }],
  },
  expect: { message: { 'payload.cents': 7, 'payload.by': 'Ada 4', 'more.0.value': '3s' } },
}

const sent = {
  id: '4',
  payload: { '@type': 'type.googleapis.com/any.v1.Paid', by: 'Ada 4', cents: 7 },
  more: [{ '@type': 'type.googleapis.com/google.protobuf.Duration', value: '3s' }],
}

async function envelopes(): Promise<{ readonly target: string; readonly seen: Buffer[] }> {
  const seen: Buffer[] = []
  const server = await shopServer({ reflection: ['v1'], registry: files })
  const path = '/any.v1.Envelopes/Send'
  const echo: handleUnaryCall<Buffer, Buffer> = (call, callback) => {
    seen.push(call.request)
    callback(null, call.request)
  }
  server.grpc.addService({ [path]: unaryOfBytes(path) }, { [path]: echo })
  return { target: server.target, seen }
}

test.for([
  ['a file', { proto }],
  ['reflection', {}],
] as const)('an Any holds a type from %s, and is read again', async ([, from]) => {
  const { target, seen } = await envelopes()
  const flow = openFlow(driver, target, { ...options, ...from })
  expect(await flow.send(await flow.open(), 4)).toMatchObject({ name: 'OK', ok: true })
  expect(toJson(envelope, fromBinary(envelope, seen[0]!), { registry })).toEqual(sent)
})

test('the same as JSON, to the authority of the options', async () => {
  const bodies: string[] = []
  const hosts: (string | undefined)[] = []
  const server = await listening(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        bodies.push(Buffer.concat(chunks).toString())
        hosts.push(request.headers.host)
        response.end(bodies.at(-1))
      })
    }),
  )
  const jsonUrl = `http://127.0.0.1:${server.port}`
  const flow = openFlow(
    driver,
    'grpc://127.0.0.1:1',
    { ...options, proto, jsonUrl, authority: 'letters.test' },
    { workload: 'json' },
  )
  expect(await flow.send(await flow.open(), 4)).toMatchObject({ name: 'OK', ok: true })
  expect(hosts).toEqual(['letters.test'])
  expect(JSON.parse(bodies[0]!)).toEqual({ ...sent, payload: { ...sent.payload, cents: '7' } })
})

test('an Any of a type that no file declares is refused before the load', async () => {
  const { target } = await envelopes()
  const payload = { '@type': 'type.googleapis.com/any.v1.Missing' }
  const unknown = openFlow(driver, target, { ...options, proto, message: { payload } })
  await expect(unknown.open()).rejects.toThrow('any.v1.Missing')
})
