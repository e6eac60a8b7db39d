import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url)

describe('produce', () => {
  testDriver({
    test,
    driver,
    workload: 'produce',
    refused: [{ valueSize: '1B' }, { acks: 'some' }, { partitions: 0 }],
    // every batch carries the time of its messages
    repeatable: false,
    requests: 2_000,
  })
})

describe('consume', () => {
  testDriver({
    test,
    driver,
    workload: 'consume',
    options: { messages: '2k', fetchSize: '1KB' },
    requests: 2_000,
  })
})

describe('roundtrip', () => {
  testDriver({ test, driver, workload: 'roundtrip', repeatable: false, requests: 500 })
})
