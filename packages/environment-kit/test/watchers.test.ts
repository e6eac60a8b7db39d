import { expect, test } from 'vitest'
import { missing, watcherOf } from '../src/index.ts'

test('sources are sampled together, and what is undefined is left out', async () => {
  const closed: string[] = []
  const watcher = watcherOf([
    { signals: { a: 'gauge', b: 'counter' }, read: async () => ({ a: 1, b: undefined }) },
    missing({ d: 'no file says it' }),
    {
      signals: { c: 'counter' },
      missing: { e: 'no program says it' },
      read: async (workers) => ({ c: workers.length }),
      close: async () => void closed.push('c'),
    },
  ])
  expect(watcher.signals).toEqual({ a: 'gauge', b: 'counter', c: 'counter' })
  expect(watcher.missing).toEqual({ d: 'no file says it', e: 'no program says it' })
  expect(await watcher.read([{ index: 0, pid: 1 }])).toEqual({ a: 1, c: 1 })
  await watcher.close()
  expect(closed).toEqual(['c'])
})

test('without sources there are no signals', async () => {
  const watcher = watcherOf([])
  expect(watcher.signals).toEqual({})
  expect(await watcher.read([])).toEqual({})
  await watcher.close()
})
