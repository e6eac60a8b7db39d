import { expect, test } from 'vitest'
import { watcherOf } from '../src/index.ts'

test('sources are sampled together, and what is undefined is left out', async () => {
  const closed: string[] = []
  const watcher = watcherOf([
    { signals: { a: 'gauge', b: 'counter' }, read: async () => ({ a: 1, b: undefined }) },
    undefined,
    {
      signals: { c: 'counter' },
      read: async (workers) => ({ c: workers.length }),
      close: async () => void closed.push('c'),
    },
  ])
  expect(watcher.signals).toEqual({ a: 'gauge', b: 'counter', c: 'counter' })
  expect(await watcher.read([{ index: 0, pid: 1 }])).toEqual({ a: 1, c: 1 })
  await watcher.close()
  expect(closed).toEqual(['c'])
})

test('without sources there are no signals', async () => {
  const watcher = watcherOf([undefined])
  expect(watcher.signals).toEqual({})
  expect(await watcher.read([])).toEqual({})
  await watcher.close()
})
