import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { play } from './replay.ts'

test('the example of the README is what is printed', async () => {
  const readme = await readFile(new URL('../README.md', import.meta.url), 'utf8')
  const [, example] = /## Example\n\n```text\n(.*?)```/s.exec(readme) ?? []
  const printed = await play({
    columns: 120,
    durationMs: 20_000,
    intervalMs: 1_000,
    live: false,
    isShared: true,
    generator: { busy: 0.87 },
    checks: [
      { name: 'response.p99', scenario: 'reads', status: 'passed', expected: '< 25ms', actual: '1.29 ms' },
    ],
    audits: [
      {
        name: 'acknowledged writes are stored',
        status: 'passed',
        examined: 100,
        violations: 0,
        flow: 'main',
      },
    ],
  })
  expect(example).toBe(`${printed.slice(printed.indexOf('reads  PASSED')).trimEnd()}\n`)
})
