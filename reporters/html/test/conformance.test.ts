import { testReporter } from '@cloudbench/testkit'
import { test } from 'vitest'

testReporter({
  test,
  reporter: new URL('../src/index.ts', import.meta.url),
  refused: [{ file: '' }, { ui: 'yes' }, { port: 70_000 }, { port: -1 }, { open: 1 }],
})
