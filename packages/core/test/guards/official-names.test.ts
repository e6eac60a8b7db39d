import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const names = globSync('{plugins,reporters}/*/package.json', { cwd: root }).map(
  (file) =>
    (JSON.parse(readFileSync(`${root}${file}`, 'utf8')) as { cloudbench: { name: string } }).cloudbench.name,
)

/** `config/baseline/default` is a file, and no reporter; what limits a rate may be the network. */
const allowed = [
  "packages/core/src/config/files.ts: 'default'",
  ...['checks/validity.ts', 'plugin/verdict.ts', 'result/verdict-schema.ts', 'verdict/attribution.ts'].map(
    (file) => `packages/core/src/${file}: 'network'`,
  ),
]

test('no source of the core has the name of a plugin in it', () => {
  expect(names).toContain('redis')
  const literal = new RegExp(`(['"\`])(@cloudbench/[a-z]+-)?(${names.join('|')})\\1`, 'g')
  const found = globSync('packages/core/src/**/*.ts', { cwd: root }).flatMap((file) =>
    [...withoutComments(readFileSync(`${root}${file}`, 'utf8')).matchAll(literal)].map(
      ([text]) => `${file}: ${text}`,
    ),
  )
  expect([...new Set(found)].toSorted()).toEqual(allowed.toSorted())
})

function withoutComments(source: string): string {
  return source.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$/gm, '')
}
