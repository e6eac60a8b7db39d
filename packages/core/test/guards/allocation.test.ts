import { expect, test } from 'vitest'
import type { Tracing } from '../../src/plugin/model.ts'
import { runSteady } from '../support/run.ts'

/**
 * The host's part of what a request costs the heap: what the worker loop allocates per request with a driver that
 * allocates nothing. Counts do not depend on how busy the machine is.
 */
async function bytesPerRequest(workload: string, trace?: Tracing): Promise<number> {
  const done = new AbortController()
  let bytes: number | undefined
  const { errors, scenarios } = await runSteady({
    scenarios: [
      {
        ...(trace && { trace }),
        flows: [
          {
            name: 'main',
            driver: '../guards/metered.driver.ts',
            workload,
            target: { name: 'server', url: 'null:' },
            options: {},
          },
        ],
      },
    ],
    environment: [{ specifier: '../guards/young.environment.ts', options: {} }],
    load: { model: 'closed', connections: 1, thinkMs: 0 },
    durationMs: 25_000,
    reporter: {
      onInterval({ flows }) {
        const perKilo = flows[0]?.counters['heapBytesPerKiloRequest']
        // 0 until it is known
        if (!perKilo) return
        bytes ??= perKilo / 1_000
        done.abort()
      },
    },
    options: { interrupt: done.signal },
  })
  expect([...errors, ...scenarios[0]!.errors]).toEqual([])
  if (bytes === undefined) throw new Error('there were not enough requests to tell')
  return bytes
}

/** V8 boxes the times that are passed on: four to six numbers, 64 to 96 bytes. An object would be more. */
const limitBytes = 112

test.each(['lean', 'checked'])('the worker loop makes no object per request: %s', async (workload) => {
  expect(await bytesPerRequest(workload)).toBeLessThan(limitBytes)
})

test('nor where requests are traced', async () => {
  expect(await bytesPerRequest('lean', { ratio: 0.1, propagate: true })).toBeLessThan(limitBytes)
})

test('but a driver that makes one shows', async () => {
  expect(await bytesPerRequest('wasteful')).toBeGreaterThan(limitBytes)
})
