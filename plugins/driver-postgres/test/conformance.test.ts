import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { lanes } from './fixtures/lanes.ts'

const driver = new URL('../src/index.ts', import.meta.url)

describe.each(lanes)('client: %s', (client) => {
  describe('read', () => {
    // postgres.js makes up the names of statements
    const repeatable = client !== 'postgres.js'
    testDriver({ test, driver, options: { client }, workload: 'read', repeatable, requests: 2_000 })
  })

  describe('write-heavy', () => {
    // every document names its writer
    testDriver({
      test,
      driver,
      options: { client },
      workload: 'write-heavy',
      repeatable: false,
      requests: 2_000,
    })
  })

  describe('mixed', () => {
    testDriver({ test, driver, options: { client }, workload: 'mixed', repeatable: false, requests: 1_000 })
  })
})
