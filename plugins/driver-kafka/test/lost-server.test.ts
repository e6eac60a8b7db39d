import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { flow } from './context.ts'
import { realKafka, startLimitMs, withoutKafka, type RealKafka } from './servers/kafka.ts'
import { countOf, send, sendAll } from './send.ts'

const dead = expect.stringMatching(/^(CONNECTION_CLOSED|ECONNRESET|EPIPE)$/) as string

describe.skipIf(withoutKafka)('kafka', () => {
  let broker: RealKafka
  beforeAll(async () => {
    broker = await realKafka()
  }, startLimitMs)
  afterAll(() => broker.close())

  test(
    'killed in the middle: everything in flight fails at once; back again, nothing acknowledged is lost',
    { timeout: startLimitMs },
    async () => {
      const { prepare, open, audit } = flow(broker.url, { lingerMs: 0, inFlight: 64 })
      await prepare()
      const connection = await open()
      let stored = 0
      let killing: Promise<void> | undefined
      const failures: unknown[] = []
      await Promise.all(
        Array.from({ length: 64 }, async (_, index) => {
          while (failures.length === 0) {
            try {
              await send(connection, index)
              if (++stored === 5_000) killing = broker.kill()
            } catch (error) {
              failures.push(error)
            }
          }
        }),
      )
      await killing
      for (const failure of failures) expect(failure).toMatchObject({ code: dead })
      await expect(send(connection)).rejects.toMatchObject({ code: dead })
      await connection.close()
      await expect(open()).rejects.toThrow(/nothing listens/)

      await broker.start()
      const again = await open()
      expect(countOf(await sendAll(again, 500))).toEqual({ stored: 500 })
      // a killed broker loses only what the system had not written, and the system went on
      const [first, twice, order] = await audit()
      expect(first).toMatchObject({ status: 'passed', violations: 0 })
      expect(first!.examined).toBeGreaterThanOrEqual(5_500)
      expect(twice).toMatchObject({ status: 'passed' })
      expect(order).toMatchObject({ status: 'passed' })
    },
  )
})
