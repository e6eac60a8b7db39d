import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder } from './support/cli.ts'

const short = ['http-json-api', '--set', 'targets.http.url=loopback', '--duration', '200ms', '--warmup', '0s']
const custom = (terminal: string): string => `import { defineReporter } from '@cloudbench/core'
export default defineReporter({
  name: 'custom',
  terminal: ${terminal},
  create: ({ terminal }) => ({ onRunEnd: ({ reason }) => terminal.screen.write('custom: ' + reason + '\\n') }),
})`

test('with --reporter default --reporter json, stdout has lines of JSON and nothing else, stderr the table', async () => {
  const cwd = await folder()
  for (const order of [
    ['default', 'json'],
    ['json', 'default'],
  ]) {
    const reporters = order.flatMap((name) => ['--reporter', name])
    const { code, stdout, stderr } = await cloudbench(['run', ...short, ...reporters], { cwd })
    expect(code, stderr).toBe(0)
    const lines = stdout.trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { scenario: string }).scenario)).toEqual([
      'http-json-api',
    ])
    expect(stderr).toMatch(/^http-json-api +PASSED +verdict [A-Z]+$/m)
    // printed by the table, and so not again
    expect(stderr).not.toMatch(/^target http: /m)
  }
})

test('without another reporter on stdout the table is there, and without a table the origin of targets is on stderr', async () => {
  const cwd = await folder()
  const alone = await cloudbench(['run', ...short, '--reporter', 'default', '--reporter', 'junit'], { cwd })
  expect(alone.stdout).toMatch(/^http-json-api +PASSED +verdict [A-Z]+$/m)
  expect(alone.stderr).not.toContain('target http: ')
  const lines = await cloudbench(['run', ...short, '--reporter', 'json'], { cwd })
  expect(lines.stdout).not.toContain('PASSED')
  expect(lines.stderr).toMatch(/^target http: /m)
})

test('two reporters that claim the same are refused before the run', async () => {
  const cwd = await folder({ 'custom.mjs': custom("'screen'") })
  const twice = await cloudbench(['run', ...short, '--reporter', 'json', '--reporter', 'json=x.json'], {
    cwd,
  })
  expect(twice.stderr).toMatch(/^CB_USAGE: the reporters json and json both write to standard output/)
  expect([twice.code, twice.stdout]).toEqual([2, ''])
  const screens = await cloudbench(['run', ...short, '--reporter', 'default', '--reporter', './custom.mjs'], {
    cwd,
  })
  expect(screens.stderr).toMatch(/^CB_USAGE: the reporters default and custom both draw on the screen/)
  expect([screens.code, screens.stdout]).toEqual([2, ''])
  const quiet = await cloudbench(
    ['run', ...short, '--reporter', 'json', '--reporter', '[json, {stdout: false, file: x.json}]'],
    { cwd },
  )
  expect(quiet.code, quiet.stderr).toBe(0)
  expect(JSON.parse(await readFile(join(cwd, '.cloudbench/x.json'), 'utf8'))).toMatchObject({ exit: 0 })
})

test('an inline reporter that claims standard output moves the table to standard error', async () => {
  const cwd = await folder({
    'cloudbench.config.mjs': `export default {
      reporters: ['default', { name: 'mine', terminal: 'stdout', onRunEnd: () => void process.stdout.write('mine\\n') }],
    }`,
  })
  const { code, stdout, stderr } = await cloudbench(['run', ...short], { cwd })
  expect(code, stderr).toBe(0)
  expect(stdout).toBe('mine\n')
  expect(stderr).toMatch(/^http-json-api +PASSED +verdict [A-Z]+$/m)
})

test('`report` splits the streams in the same way', async () => {
  const cwd = await folder()
  const live = await cloudbench(['run', ...short, '--reporter', 'json=result.json'], { cwd })
  const again = await cloudbench(
    ['report', 'result.json', '--reporter', 'default', '--reporter', 'json=again.json'],
    { cwd },
  )
  expect(again.stdout).toBe(live.stdout)
  expect(again.stderr).toMatch(/^http-json-api +PASSED +verdict [A-Z]+$/m)
})
