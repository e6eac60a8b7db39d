import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

// the plugins of the guide are tried where every block of code is: packages/cloudbench/test/documentation

test('the README shows a test of a flow that runs', async () => {
  const source = await readFile(new URL('flow/example.test.ts', import.meta.url), 'utf8')
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  // a relative import is sorted behind those of packages
  const shown = source
    .replace('@cloudbench/fixtures/plugins/driver/good', '../src/index.ts')
    .replace(/^(import driver .*\n)((?:import .*\n)+)/, '$2$1')
  expect(readme).toContain(shown)
})
