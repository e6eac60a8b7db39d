import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url)

describe('unary', () => {
  testDriver({ test, driver, workload: 'unary', refused: [{ expect: { status: 'FINE' } }], requests: 1_000 })
})

describe('stream', () => {
  testDriver({ test, driver, workload: 'stream', requests: 500 })
})

describe('json', () => {
  testDriver({ test, driver, workload: 'json', requests: 1_000 })
})
