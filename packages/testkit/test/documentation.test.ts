import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

// the plugins of the guide are tried where every block of code is: packages/cloudbench/test/documentation

test('the README shows a test of a flow that runs', async () => {
  const source = await readFile(new URL('flow/example.test.ts', import.meta.url), 'utf8')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  expect(readme).toContain(source.replace('@cloudbench/fixtures/plugins/driver/good', '../src/index.ts'))
})
