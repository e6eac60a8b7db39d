import { testReporter } from '@cloudbench/testkit'
import { describe, test } from 'vitest'

const reporter = new URL('../src/index.ts', import.meta.url)

describe('on standard output', () => {
  testReporter({ test, reporter, refused: [{ file: '' }, { file: 1 }] })
})

describe('in a file', () => {
  testReporter({ test, reporter, options: { file: 'lines.ndjson' } })
})
