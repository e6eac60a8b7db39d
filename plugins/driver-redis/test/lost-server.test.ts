import { openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../src/index.ts'
import { realRedis, withoutRedis } from './server.ts'

const options = { keys: 10, preload: false, pipelining: 8, reads: 0.5 }

test.skipIf(withoutRedis)(
  'every request in flight fails when the server is killed, and so does the next',
  async () => {
    const { url, client, kill } = await realRedis()
    const { open, send } = openFlow(driver, url, options)
    const connection = await open()
    await send(connection)
    // holds back every answer
    await client.call('CLIENT', 'PAUSE', '60000', 'ALL').catch(() => {})
    const waiting = Array.from({ length: 8 }, (_, index) =>
      send(connection, index).catch((error: unknown) => error),
    )
    await kill()
    for (const failure of await Promise.all(waiting))
      expect((failure as { code?: string }).code).toMatch(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/)
    await expect(send(connection)).rejects.toMatchObject({ code: expect.any(String) as string })
    await connection.close()
  },
)

test('the loopback can die on time', async () => {
  const { target, close } = await driver.loopback!({
    dieAfterMs: 200,
    stall: { afterMs: 100, stallMs: 60_000 },
  })
  const { open, send } = openFlow(driver, target, options)
  const connection = await open()
  for (;;) {
    const failure = await send(connection).catch((error: unknown) => error)
    if (failure instanceof Error) break
  }
  await connection.close()
  await expect(open()).rejects.toThrow(/nothing listens/)
  await close()
})
