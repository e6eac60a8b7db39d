import { countingProxy } from '@cloudbench/fixtures/counting-proxy'
import { idleCloses } from '@cloudbench/fixtures/drivers/idle-closes'
import { expect, test } from 'vitest'
import { lanes, realRedis, withoutRedis, type RealRedis } from './servers/redis.ts'

const endings: readonly (readonly [string, (server: RealRedis) => Promise<unknown>])[] = [
  ['CLIENT KILL', ({ client }) => client.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes')],
  [
    'timeout 1',
    async ({ client }) => {
      const idle = async (): Promise<unknown> =>
        String(await client.client('LIST')).match(/^id=\d+(?=.*cmd=get)/gm)
      const before = await idle()
      await client.config('SET', 'timeout', '1')
      await expect.poll(idle, { timeout: 60_000 }).not.toEqual(before)
      await client.config('SET', 'timeout', '0')
    },
  ],
  [
    'a start of the server',
    async ({ kill, start }) => {
      await kill()
      await start()
    },
  ],
]

/** The client that runs by default meets all of them, and every other one the first. */
const cases = lanes.flatMap((lane, at) =>
  endings.slice(0, at === 0 ? endings.length : 1).map(([name, end]) => [name, lane, end] as const),
)

test.skipIf(withoutRedis).each(cases)(
  'idle connections that the server closes cost no request, and are counted: %s, %s',
  { timeout: 180_000 },
  async (name, lane, end) => {
    const server = await realRedis()
    const proxy = await countingProxy('redis', Number(new URL(server.url).port), (said) =>
      /get\r\n/i.test(said),
    )
    const { sent, ok, inTheWay, opened, accepted } = await idleCloses({
      driver: new URL('fixtures/unobserved.driver.ts', import.meta.url),
      proxy,
      target: proxy.target,
      scenario: {
        workload: 'mixed',
        connections: 2,
        // Redis closes what was idle for more than a second
        ...(name === 'timeout 1' && { rate: '0.4/s', duration: '20s' }),
        options: { client: lane, reads: '100%', keys: 10, preload: false },
      },
      end: () => end(server),
      isOfLoad: () => true,
    })
    expect(sent).toBeGreaterThan(2)
    expect(sent - ok).toBeLessThanOrEqual(inTheWay)
    expect(opened).toBe(accepted)
    expect(opened).toBeGreaterThan(2)
  },
)
