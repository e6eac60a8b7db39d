import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'

test('`--reporter junit` comes along, and writes the file where it was asked to', async () => {
  const cwd = await folder()
  const { code, stderr } = await cloudbench(
    typed(
      'http-json-api --duration 300ms --warmup 0s --set scenarios.http-json-api.checks.rate=>=1000000/s --reporter junit --reporter junit=mine/load.xml',
    ),
    { cwd },
  )
  expect(code, stderr).toBe(1)
  for (const file of ['.cloudbench/junit.xml', 'mine/load.xml']) {
    const xml = await readFile(join(cwd, file), 'utf8')
    expect(xml).toContain('<testsuite name="http-json-api" tests="2" failures="1" errors="0"')
    expect(xml).toMatch(
      /<testcase [^>]*name="rate &gt;= ?1000000\/s"[^>]*>\n *<failure type="check" message="expected/,
    )
  }
})

test('`report` gives a result file to it', async () => {
  const cwd = await folder()
  const run = await cloudbench(
    typed('http-json-api --duration 300ms --warmup 0s --reporter json=result.json --reporter junit'),
    { cwd },
  )
  expect(run.code, run.stderr).toBe(0)
  const again = await cloudbench(typed('report result.json --reporter junit=again.xml'), { cwd })
  expect(again.code, again.stderr).toBe(0)
  expect(await readFile(join(cwd, 'again.xml'), 'utf8')).toBe(
    await readFile(join(cwd, '.cloudbench/junit.xml'), 'utf8'),
  )
})
