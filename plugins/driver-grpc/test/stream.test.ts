import type { LoopbackOptions } from '@cloudbench/core'
import { loopbackServer } from '@cloudbench/fixtures/loopback-server'
import { openFlow, type Flow } from '@cloudbench/testkit/flow'
import { describe, expect, test } from 'vitest'
import { clients } from '../src/clients.ts'
import driver from '../src/index.ts'
import { demoMethod } from './fixtures/demo.ts'

describe.each(Object.keys(clients))('%s', (client) => {
  async function streamOf(options: Record<string, unknown>, behaviour?: LoopbackOptions): Promise<Flow> {
    const { target } = await loopbackServer(driver, behaviour)
    return openFlow(driver, target, { ...options, client }, { workload: 'stream' })
  }

  test('a stream of answers is read to its end', async () => {
    const flow = await streamOf({
      method: demoMethod('ListBooks'),
      message: { parent: 'shelves/${int:1:9}', count: 25 },
      expect: { messages: 25 },
    })
    const connection = await flow.open()
    for (let index = 0; index < 5; index++) expect((await flow.send(connection, index)).name).toBe('OK')
    expect(flow.counters).toEqual({ 'messages sent': 5, 'messages received': 125 })
  })

  test('a stream of unexpected length is not a success', async () => {
    const flow = await streamOf({
      method: demoMethod('ListBooks'),
      message: { parent: 'shelves/1', count: 2 },
      expect: { messages: 3 },
    })
    expect(await flow.send(await flow.open())).toMatchObject({ name: 'unexpected answer', ok: false })
  })

  test('a stream of requests sends messages in turn, and is answered once', async () => {
    const flow = await streamOf({
      method: demoMethod('ImportBooks'),
      messages: 300,
      message: [{ pages: 1 }, { pages: 10 }, { pages: 100, title: '${uuid}' }],
      expect: { message: { books: 300, pages: 11_100 } },
    })
    const connection = await flow.open()
    const outcomes = await Promise.all(Array.from({ length: 8 }, (_, index) => flow.send(connection, index)))
    expect(outcomes.map(({ name }) => name)).toEqual(Array(8).fill('OK'))
    expect(flow.counters).toEqual({ 'messages sent': 2_400, 'messages received': 8 })
  })

  test('a stream without messages ends at once', async () => {
    const flow = await streamOf({
      method: demoMethod('ImportBooks'),
      messages: 0,
      expect: { message: { books: 0 } },
    })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
  })

  describe.each([true, false])('two-way, lockstep %j', (lockstep) => {
    test('every message gets its own answer', async () => {
      const flow = await streamOf({
        messages: 40,
        lockstep,
        message: [{ title: 'a ${uuid}' }, { title: 'b', author: { displayName: '${string:200}' } }],
        expect: { messages: 40, echo: { title: 'title' } },
      })
      const connection = await flow.open()
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, index) => flow.send(connection, index)),
      )
      expect(outcomes.map(({ name }) => name)).toEqual(Array(10).fill('OK'))
      expect(flow.counters).toEqual({ 'messages sent': 400, 'messages received': 400 })
    })
  })

  test('a stream that fails ends with its status', async () => {
    for (const method of ['ListBooks', 'ImportBooks', 'ExchangeBooks']) {
      const flow = await streamOf({ method: demoMethod(method), message: {} }, { failureRate: 1 })
      const connection = await flow.open()
      for (let index = 0; index < 3; index++)
        expect(await flow.send(connection, index)).toMatchObject({ name: 'INTERNAL', ok: false })
    }
  })

  test('a stream of large messages is sent only as fast as the server reads it', async () => {
    const flow = await streamOf({
      method: demoMethod('ImportBooks'),
      messages: 100,
      message: { title: '${string:100000}' },
    })
    const connection = await flow.open()
    expect((await flow.send(connection)).name).toBe('OK')
    expect(flow.bytes.sent).toBeGreaterThan(10_000_000)
  })
})
