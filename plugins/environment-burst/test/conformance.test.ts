import { testEnvironment } from '@cloudbench/testkit'
import { test } from 'vitest'

testEnvironment({
  test,
  environment: new URL('../src/index.ts', import.meta.url),
  options: { credits: 100 },
  refused: [{ credits: -1 }, { canary: 1 }],
  absent: { root: '/nonexistent' },
})
