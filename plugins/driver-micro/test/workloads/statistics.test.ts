import { fileURLToPath } from 'node:url'
import { type Flow, openFlow } from '@cloudbench/testkit/flow'
import { expect, test } from 'vitest'
import driver from '../../src/index.ts'
import { createStatistics } from '../../src/workloads/statistics.ts'
import { calls } from '../fixtures/functions.ts'

const file = fileURLToPath(new URL('../fixtures/functions.ts', import.meta.url))

const moduleFlow = (options: Record<string, unknown>): Flow =>
  openFlow(driver, 'micro:', { file, ...options }, { workload: 'module' })
const hashFlow = (options: Record<string, unknown>): Flow =>
  openFlow(driver, 'micro:', options, { workload: 'hash' })

test('a request takes the configured number of samples, each of the configured number of calls', async () => {
  const { open, sendAll, ...tested } = moduleFlow({ samples: 7, callsPerSample: 5 })
  const connection = await open()
  const before = calls()
  await sendAll(connection, 2)
  expect(calls() - before).toBe(70)
  expect(tested.counters['calls']).toBe(70)
  expect(tested.recorded['call']).toHaveLength(14)
  for (const figure of ['mean', 'median', 'p99', 'standard deviation', 'margin of error'])
    expect(tested.recorded[`${figure} of a batch`]).toHaveLength(2)
})

test('the figures of a batch follow from its samples', async () => {
  const { open, send, recorded } = hashFlow({ size: '64KiB', samples: 101 })
  await send(await open())
  const samples = recorded['call']!.toSorted((a, b) => a - b)
  const mean = samples.reduce((sum, sample) => sum + sample, 0) / samples.length
  expect(recorded['mean of a batch']![0]! / mean).toBeCloseTo(1, 6)
  expect(recorded['median of a batch']).toEqual([samples[50]])
  const variance = samples.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / 100
  expect(recorded['standard deviation of a batch']![0]! / Math.sqrt(variance)).toBeCloseTo(1, 6)
  // Student's t for 100 degrees of freedom, two-sided 95 %
  const margin = (1.98397 * Math.sqrt(variance)) / Math.sqrt(101)
  expect(recorded['margin of error of a batch']![0]! / margin).toBeCloseTo(1, 4)
})

test('with several calls to a sample, a sample is the time of one call, not of all', async () => {
  const { open, send, recorded, counters } = moduleFlow({
    function: 'waiting',
    samples: 2,
    callsPerSample: 4,
  })
  await send(await open())
  for (const sampleNs of recorded['call']!) expect(sampleNs).toBeGreaterThan(1e6)
  expect(counters['calls']).toBe(8)
})

test('a single sample has no deviation', async () => {
  const { open, send, recorded } = hashFlow({ samples: 1 })
  await send(await open())
  expect(recorded['call']).toHaveLength(1)
  for (const values of Object.values(recorded))
    for (const value of values) expect(value).toBeGreaterThanOrEqual(0)
})

test('batches too fast for the clock are counted', async () => {
  const counted: Record<string, number> = {}
  const statistics = createStatistics({
    options: { callsPerSample: 1 },
    recorder: () => ({ record: () => {} }),
    counter: (name) => ({ add: (amount) => void (counted[name] = (counted[name] ?? 0) + amount) }),
  })
  statistics.addCoarse()
  expect(counted).toEqual({ 'batches too fast for the clock': 1 })
  // the function takes less than reading the clock, so almost every sample becomes 0
  const { open, send, counters } = moduleFlow({ samples: 1_000, subtractTimerOverhead: true })
  const connection = await open()
  for (let batch = 0; batch < 50 && !counters['batches too fast for the clock']; batch++)
    await send(connection)
  expect(counters['batches too fast for the clock']).toBeGreaterThan(0)
})
