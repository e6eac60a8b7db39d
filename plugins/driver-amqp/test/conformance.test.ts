import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { clients } from '../src/clients.ts'

const driver = new URL('../src/index.ts', import.meta.url)

describe.each(Object.keys(clients))('%s', (client) => {
  describe('send-receive', () => {
    const refused = [{ size: 1 }, { settlement: 'exactly-once' }, { pipelining: 0 }, { client: 'qpid' }]
    // every message carries who sent it
    testDriver({
      test,
      driver,
      workload: 'send-receive',
      options: { client },
      refused,
      repeatable: false,
      requests: 1_000,
    })
  })

  describe('receive, pipelined', () => {
    testDriver({
      test,
      driver,
      workload: 'receive',
      options: { client, pipelining: 8 },
      repeatable: false,
      requests: 1_000,
    })
  })
})
