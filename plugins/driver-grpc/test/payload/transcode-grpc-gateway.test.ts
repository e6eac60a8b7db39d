import {
  fromBinary,
  fromJson,
  toBinary,
  toJson,
  type DescMessage,
  type JsonObject,
  type JsonValue,
} from '@bufbuild/protobuf'
import { render } from '@cloudbench/driver-kit'
import { openFlow } from '@cloudbench/testkit/flow'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callOnce } from '../../src/client/call-once.ts'
import driver from '../../src/index.ts'
import type { Client } from '../../src/lanes/lane.ts'
import { readDemo } from '../../src/loopback/demo-service.ts'
import { compileMessage } from '../../src/payload/message.ts'
import { transcode } from '../../src/payload/transcode.ts'
import { readJsonStream } from '../../src/wire/json-answer.ts'
import { methodOf, type Method } from '../../src/wire/method.ts'
import { demoMethod } from '../fixtures/demo.ts'
import { startGateway, withoutGateway, type Gateway } from '../servers/gateway.ts'
import { openClient } from '../servers/wire-client.ts'
import { messagesOf, namesOf, segment } from './messages.ts'

// a real grpc-gateway understands our HTTP request as the gRPC server behind it understands the call.

const registry = readDemo()
// it reads a colon in the last segment as a verb, and decodes slashes before it splits segments
const messages = messagesOf(namesOf(segment.map((one) => one.replaceAll(/[:%]/g, '_'))))

describe.skipIf(withoutGateway)('grpc-gateway', () => {
  let gateway: Gateway
  let client: Client
  beforeAll(async () => {
    gateway = await startGateway()
    client = await openClient(`grpc://127.0.0.1:${gateway.port}`)
  }, 300_000)
  afterAll(async () => {
    await client.close()
    await gateway.close()
  })

  const canonical = (type: DescMessage, json: JsonValue): JsonValue =>
    toJson(type, fromJson(type, json), { alwaysEmitImplicit: true })

  async function natively(method: Method, message: JsonValue): Promise<JsonValue> {
    const { input, output } = method
    const bytes = toBinary(input, fromJson(input, message))
    const how = { metadata: {}, timeoutMs: 120_000 }
    const { code, messages: answers } = await callOnce(client, method, bytes, how)
    expect(code).toBe(0)
    return answers.map((answer) => toJson(output, fromBinary(output, answer), { alwaysEmitImplicit: true }))
  }

  async function asJson(method: Method, message: JsonValue): Promise<JsonValue> {
    const { verb, path, body } = transcode(method, compileMessage(method.input, message))
    const response = await fetch(`http://127.0.0.1:${gateway.port}${render(path, [])}`, {
      method: verb,
      ...(body && { body: render(body, []), headers: { 'content-type': 'application/json' } }),
    })
    const text = await response.text()
    expect({ status: response.status, text }).toMatchObject({ status: 200 })
    const answers = method.kind === 'unary' ? [text] : readJsonStream(Buffer.from(text)).messages
    return answers.map((answer) => canonical(method.output, JSON.parse(answer) as JsonValue))
  }

  test.for(Object.keys(messages))('%s means the same natively and as JSON', async (key) => {
    const method = methodOf(registry, demoMethod(key))
    const hasName = (message: unknown): boolean => {
      const { name, isbn, parent } = message as Readonly<Record<string, string>>
      return key === 'GetBook' ? name !== undefined || isbn !== undefined : (name ?? parent) !== undefined
    }
    await fc.assert(
      fc.asyncProperty(messages[key]!.filter(hasName), async (arbitrary) => {
        const message = JSON.parse(JSON.stringify(arbitrary)) as JsonObject
        expect(await asJson(method, message)).toEqual(await natively(method, message))
      }),
      { numRuns: 100 },
    )
  })

  test('three levels of messages in a query arrive', async () => {
    const method = methodOf(registry, demoMethod('GetBook'))
    const message = { isbn: '1', filter: { span: { fromYear: -5, toYear: 2_026 }, genre: 'NOVEL' } }
    expect(await asJson(method, message)).toEqual(await natively(method, message))
  })

  const target = (): string => `grpc://127.0.0.1:${gateway.port}`

  test.for(['unary', 'json'] as const)('%s: the driver runs against it', async (workload) => {
    const flow = openFlow(driver, target(), { expect: { echo: { name: 'name' } } }, { workload })
    const connection = await flow.open()
    for (let index = 0; index < 20; index++) expect((await flow.send(connection, index)).name).toBe('OK')
  })

  test.for([
    ['GetBook', { name: 'shelves/1/books/missing' }, 'NOT_FOUND'],
    ['GetBook', { name: 'shelves/1/books/1' }, 'OK'],
  ] as const)('%s of %j ends the same way: %s', async ([name, message, outcome]) => {
    for (const workload of ['unary', 'json'] as const) {
      const flow = openFlow(driver, target(), { method: demoMethod(name), message }, { workload })
      const connection = await flow.open()
      expect((await flow.send(connection)).name).toBe(outcome)
    }
  })

  test('two-way streams work', async () => {
    const options = {
      messages: 20,
      message: { title: '${uuid}' },
      expect: { echo: { title: 'title' }, messages: 20 },
    }
    for (const lockstep of [true, false]) {
      const flow = openFlow(driver, target(), { ...options, lockstep }, { workload: 'stream' })
      const connection = await flow.open()
      for (let index = 0; index < 5; index++) expect((await flow.send(connection, index)).name).toBe('OK')
    }
  })

  test('its reflection includes the HTTP forms', async () => {
    const { reflectService } = await import('../../src/client/reflection.ts')
    const options = { metadata: {}, connectTimeoutMs: 10_000 } as Parameters<typeof reflectService>[2]
    const service = 'cloudbench.demo.v1.Library'
    const reflected = await reflectService(client, service, options)
    for (const { name } of registry.getService(service)!.methods)
      expect(methodOf(reflected, `${service}/${name}`).bindings).toEqual(
        methodOf(registry, `${service}/${name}`).bindings,
      )
  })
})
