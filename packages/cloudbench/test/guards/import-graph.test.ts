import { importGraph } from '@cloudbench/fixtures/import-graph'
import { expect, test } from 'vitest'

test('help and version load the parser of the command line, and of the core only how to write text', () => {
  const { files, packages, sizeBytes } = importGraph(new URL('../../src/main.ts', import.meta.url))
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['@cloudbench/core/text', 'commander'])
  expect(files.filter((file) => file.includes('/commands/'))).toEqual([])
  expect(sizeBytes).toBeLessThan(38_000)
})
