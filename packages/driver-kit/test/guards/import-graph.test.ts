import { importGraph } from '@cloudbench/fixtures/import-graph'
import { expect, test } from 'vitest'

const source = (file: string): URL => new URL(`../../src/${file}`, import.meta.url)

function packagesOf(entry: string): string[] {
  return importGraph(source(entry)).packages.filter((name) => !name.startsWith('node:'))
}

test('the main entrance loads no client library, and nothing of loopback servers', () => {
  expect(packagesOf('index.ts')).toEqual(['@cloudbench/core', '@cloudbench/core/text', '@cloudbench/schema'])
  expect(
    importGraph(source('index.ts')).files.filter((file) => /\/src\/(http|loopback)\b/.test(file)),
  ).toEqual([])
})

test('the entrance for HTTP loads no client library, and no schema', () => {
  expect(packagesOf('http.ts')).toEqual(['@cloudbench/core', '@cloudbench/core/text'])
})

test('the entrance for loopback servers loads the core alone', () => {
  expect(packagesOf('loopback.ts')).toEqual(['@cloudbench/core'])
})
