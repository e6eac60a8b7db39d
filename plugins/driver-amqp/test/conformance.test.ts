import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const driver = new URL('../src/index.ts', import.meta.url)

describe('send-receive', () => {
  const refused = [{ size: 1 }, { settlement: 'exactly-once' }, { pipelining: 0 }]
  // every message carries who sent it
  testDriver({ test, driver, workload: 'send-receive', refused, repeatable: false, requests: 1_000 })
})

describe('receive, pipelined', () => {
  testDriver({
    test,
    driver,
    workload: 'receive',
    options: { pipelining: 8 },
    repeatable: false,
    requests: 1_000,
  })
})
