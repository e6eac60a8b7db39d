import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url)

testDriver({
  test,
  driver,
  options: { keys: '1k' },
  refused: [{ keys: 0 }, { reads: '200%' }, { valueSize: '1B' }],
  // every value carries the connection that wrote it, and when
  repeatable: false,
  requests: 2_000,
})

describe('pipelined reads', () => {
  testDriver({ test, driver, options: { reads: '100%', keys: 100, pipelining: 8 }, requests: 2_000 })
})
