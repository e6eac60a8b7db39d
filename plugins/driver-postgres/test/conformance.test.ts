import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url)

describe('read', () => {
  testDriver({ test, driver, workload: 'read', requests: 2_000 })
})

describe('write-heavy', () => {
  // every document names its writer
  testDriver({ test, driver, workload: 'write-heavy', repeatable: false, requests: 2_000 })
})

describe('mixed', () => {
  testDriver({ test, driver, workload: 'mixed', repeatable: false, requests: 1_000 })
})
