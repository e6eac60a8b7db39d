import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { countOf, flow, send, sendAll } from './context.ts'
import { loopbackTarget } from './servers/loopback.ts'

test('a process that has closed its loopback server ends by itself', async () => {
  const script = fileURLToPath(new URL('fixtures/run-and-exit.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@cloudbench/source', script],
    { timeout: 20_000 },
  )
  expect(stdout).toMatch(/^read a row, left: (?!.*TCP)/)
})

test('it dies after as many requests as it was told to', async () => {
  const target = await loopbackTarget({ dieAfterRequests: 2 })
  const connection = await flow('read', target, { preload: false, rows: 10 }).open()
  expect(countOf(await sendAll(connection, 2))).toEqual({ 'select no row': 2 })
  await expect(send(connection)).rejects.toMatchObject({ code: expect.any(String) as string })
  await connection.close()
  await expect(flow('read', target).open()).rejects.toThrow(/nothing listens/)
})

test('it serves as many requests per second as it was told to', async () => {
  const target = await loopbackTarget({ capacityPerSecond: 1_000 })
  const connection = await flow('read', target, { preload: false, rows: 10, pipelining: 10 }).open()
  const startMs = performance.now()
  expect(countOf(await sendAll(connection, 100))).toEqual({ 'select no row': 100 })
  expect(performance.now() - startMs).toBeGreaterThan(95)
})

test('it reports requested failures', async () => {
  const { open } = flow('read', await loopbackTarget({ failureRate: 1 }), { pipelining: 4 })
  const outcomes = await sendAll(await open(), 20)
  expect(countOf(outcomes)).toEqual({ 'select P0001': 20 })
  expect(outcomes[0]!.ok).toBe(false)
})
