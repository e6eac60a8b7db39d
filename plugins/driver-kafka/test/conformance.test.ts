import { testDriver } from '@cloudbench/testkit'
import { describe, test } from 'vitest'
import { has, lanes } from './servers/lanes.ts'

const driver = new URL('../src/index.ts', import.meta.url)

describe.each(lanes)('%s', (client) => {
  describe('produce', () => {
    testDriver({
      test,
      driver,
      workload: 'produce',
      options: { client },
      refused: [{ valueSize: '1B' }, { acks: 'some' }, { partitions: 0 }],
      // every batch carries the time of its messages
      repeatable: false,
      requests: 2_000,
    })
  })

  describe.runIf(has(client, 'consume'))('consume', () => {
    testDriver({
      test,
      driver,
      workload: 'consume',
      options: { client, messages: '2k', fetchSize: '1KB' },
      // a group has a name of its own, and so has its member
      repeatable: client === 'wire',
      requests: 2_000,
    })
  })

  describe('roundtrip', () => {
    testDriver({
      test,
      driver,
      workload: 'roundtrip',
      options: { client },
      repeatable: false,
      requests: 500,
    })
  })
})
