import { importGraph } from '@cloudbench/fixtures/import-graph'
import { expect, test } from 'vitest'

test('help and version load the parser of the command line, and nothing of the core', () => {
  const { files, packages, sizeBytes } = importGraph(new URL('../../src/main.ts', import.meta.url))
  expect(packages.filter((name) => !name.startsWith('node:'))).toEqual(['commander'])
  expect(files.filter((file) => file.includes('/commands/'))).toEqual([])
  expect(sizeBytes).toBeLessThan(30_000)
})
