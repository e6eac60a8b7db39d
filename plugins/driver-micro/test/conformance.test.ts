import { testDriver } from '@cloudbench/testkit'
import { test } from 'vitest'

testDriver({
  test,
  driver: new URL('../src/index.ts', import.meta.url),
  workload: 'hash',
  options: { samples: 10 },
  refused: [{ samples: 0 }, { algorithm: 'no such hash' }],
  requests: 1_000,
})
