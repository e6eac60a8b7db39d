import { testReporter } from '@cloudbench/testkit'
import { test } from 'vitest'

testReporter({
  test,
  reporter: new URL('../src/index.ts', import.meta.url),
  refused: [{ intervals: '' }, { totals: 7 }, { totals: 'a.csv', intervals: 'a.csv' }],
})
