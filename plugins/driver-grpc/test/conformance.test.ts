import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { clients } from '../src/clients.ts'

const driver = new URL('../src/index.ts', import.meta.url)

describe.each(Object.keys(clients))('%s', (client) => {
  describe('unary', () => {
    const refused = [{ expect: { status: 'FINE' } }]
    testDriver({ test, driver, workload: 'unary', options: { client }, refused, requests: 1_000 })
  })

  describe('stream', () => {
    testDriver({ test, driver, workload: 'stream', options: { client }, requests: 500 })
  })
})

describe('json', () => {
  testDriver({ test, driver, workload: 'json', requests: 1_000 })
})
