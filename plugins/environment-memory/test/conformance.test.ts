import { testEnvironment } from '@cloudbench/testkit'
import { test } from 'vitest'

testEnvironment({
  test,
  environment: new URL('../src/index.ts', import.meta.url),
  options: { maxOldSpaceMb: 128, semiSpaceMb: 8 },
  refused: [{ maxOldSpaceMb: 0 }, { heapShare: 2 }],
  absent: { root: '/nonexistent' },
})
