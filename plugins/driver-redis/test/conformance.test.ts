import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { lanes } from './servers/redis.ts'

const driver = new URL('../src/index.ts', import.meta.url)

describe.each(lanes)('client: %s', (lane) => {
  testDriver({
    test,
    driver,
    options: { client: lane, keys: '1k', pipelining: 4 },
    refused: [{ keys: 0 }, { reads: '200%' }, { valueSize: '1B' }],
    // every value carries the connection that wrote it, and when
    repeatable: false,
    requests: 2_000,
  })
})

describe('reads', () => {
  testDriver({ test, driver, options: { reads: '100%', keys: 100 }, requests: 2_000 })
})
