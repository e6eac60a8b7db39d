import { Histogram } from '@cloudbench/core'
import { expect, test } from 'vitest'
import { play } from './replay.ts'

/** A generator that was as late as that, always. The response p99 of the run is 1.29 ms. */
const late = (lagNs: number): { lag: Histogram } => ({
  lag: Histogram.of(Array.from({ length: 100 }, () => lagNs)),
})

const judged = async (screenplay: Parameters<typeof play>[0]): Promise<string | undefined> =>
  /^ {2}! (the generator (?:.|\n {4})*)$/m.exec(await play({ columns: 200, ...screenplay }))?.[1]

test('a generator that was late is told, with what it means and what to do', async () => {
  expect(await judged({ generator: late(520_000) })).toBe(
    'the generator was late: its lag p99 of 520 µs is 40 % of the response p99. Use more workers (--workers) or a lower rate (--rate)',
  )
  expect(await judged({ generator: late(520_000), flows: ['cache', 'store'] })).toContain(
    'the response p99 of cache.',
  )
})

test('one that was busy is told', async () => {
  expect(await judged({ generator: { busy: 0.87 } })).toBe(
    'the generator was busy 87 % of the time: requests may have waited for it. Use more workers (--workers) or a lower rate (--rate)',
  )
  expect(await judged({ generator: { busy: 0.974 }, isClosed: true })).toBe(
    'the generator was busy 97.4 % of the time: it may limit the rate. Use more workers (--workers)',
  )
  expect(await judged({ generator: { busy: 0.9, ...late(800_000) } })).toContain(
    'is 62 % of the response p99, and it was busy 90 % of the time. Use',
  )
})

test('one that was neither is not, nor one that spins, nor one that only had the loopback to ask', async () => {
  expect(await judged({ generator: { busy: 0.79, ...late(200_000) } })).toBeUndefined()
  expect(await judged({ generator: { busy: 1 }, dispatch: 'spin' })).toBeUndefined()
  expect(await judged({ generator: { busy: 1 }, origin: 'loopback', isClosed: true })).toBeUndefined()
  expect(await judged({ isEmpty: true })).toBeUndefined()
})
