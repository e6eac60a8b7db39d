import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url)

describe('json-api', () => {
  testDriver({ test, driver, requests: 2_000 })
})

describe('request, pipelined', () => {
  testDriver({
    test,
    driver,
    workload: 'request',
    options: { method: 'GET', path: '/items/${int:1:100}', pipelining: 8 },
    refused: [{ method: 7 }, { path: 'no slash' }, { pipelining: 0 }],
    requests: 2_000,
  })
})

describe('request, pipelined by undici', () => {
  testDriver({
    test,
    driver,
    workload: 'request',
    options: { path: '/items/${int:1:100}', pipelining: 8, client: 'undici' },
    requests: 500,
  })
})
