import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'

const load = typed('http-json-api --set targets.http.url=loopback --duration 300ms --warmup 0s')

test('the last line says what the process ends with, also after a result that could not be written', async () => {
  const cwd = await folder({ taken: '' })
  const good = await cloudbench(load, { cwd })
  expect(good.stdout).toMatch(/\nPASSED {2}exit code 0, \S+ \S+(?:, invalid numbers were allowed)?\n$/)
  expect(good.code).toBe(0)
  const lost = await cloudbench([...load, '--output', 'taken'], { cwd })
  expect(lost.stdout).toMatch(
    /\[json\] run:end: .*cannot be written[^]*\nERRORED {2}exit code 2, \S+ \S+(?:, invalid numbers were allowed)?\n$/,
  )
  expect(lost.code).toBe(2)
})

test('standard output that is full is lost: said on standard error, exit code 2', async () => {
  const cwd = await folder()
  const within = ['sh', '-c', 'exec "$0" "$@" > /dev/full']
  const run = await cloudbench(load, { cwd, within })
  expect(run.stderr).toMatch(
    /standard output was lost: ENOSPC[^]*\nERRORED {2}exit code 2, \S+ \S+(?:, invalid numbers were allowed)?\n$/,
  )
  expect(run.code).toBe(2)
  const list = await cloudbench(['list'], { cwd, within })
  expect(list.stderr).toMatch(/standard output was lost: ENOSPC/)
  expect(list.code).toBe(2)
})

/** A reporter that breaks at one moment. */
const broken = (hook: string, how: string): string =>
  `import { defineReporter } from '@cloudbench/core'
export default defineReporter({ name: 'broken', create: () => ({ ${hook}() { ${how} } }) })`

const failing = ['--set', 'scenarios.http-json-api.checks={requests: "> 1M"}']

test.each([
  ['onScenarioEnd', 'default', []],
  ['onRunEnd', 'json', failing],
  ['close', 'default', failing],
  ['close', 'json', []],
])(
  'a reporter that throws in %s, beside %s: errored, in the last line and as exit code',
  async (...given) => {
    const [hook, reporter, more] = given
    const cwd = await folder({ 'broken.mjs': broken(hook, "throw new Error('no disk')") })
    const run = await cloudbench([...load, ...more, '--reporter', reporter, '--reporter', './broken.mjs'], {
      cwd,
    })
    const said = reporter === 'default' ? run.stdout : run.stderr
    expect(said).toMatch(
      /\[broken\] \S+: no disk\n(?:[^]*\n)?ERRORED {2}exit code 2, \S+ \S+(?:, invalid numbers were allowed)?\n$/,
    )
    expect(run.code).toBe(2)
  },
)

test('two scenarios with different endings: the worse one counts, and each has its own in JSON', async () => {
  const scenario = 'target: http\nworkload: json-api\nrate: 50/s\nduration: 300ms\nwarmup: 0s\n'
  const cwd = await folder({
    'config/scenarios/bad.yaml': `${scenario}checks:\n  requests: "> 1M"\n`,
    'config/scenarios/good.yaml': scenario,
  })
  const run = await cloudbench(typed('bad good --set targets.http.url=loopback --reporter json'), { cwd })
  const lines = run.stdout.trim().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { exit: number }).exit)).toEqual([1, 0])
  expect(run.stderr).toMatch(/\nFAILED {2}exit code 1, \S+ \S+(?:, invalid numbers were allowed)?\n$/)
  expect(run.code).toBe(1)
})

test('a plugin that breaks the process ends it with a last line, too', async () => {
  const late = "queueMicrotask(() => { throw new Error('stray') })"
  const cwd = await folder({ 'broken.mjs': broken('onInterval', late) })
  const run = await cloudbench([...load, '--reporter', './broken.mjs'], { cwd })
  expect(run.stderr).toMatch(/Error: stray\n[^]*\nERRORED {2}exit code 2\n$/)
  expect(run.code).toBe(2)
})

test('`report` shows runs with different flags one by one and side by side, refuses one twice and a name that is a path', async () => {
  const cwd = await folder()
  for (const [file, rate] of [
    ['a.json', '20/s'],
    ['b.json', '40/s'],
  ])
    await cloudbench([...load, '--rate', rate!, '--output', 'out', '--exporter', `json=${file}`], { cwd })
  const both = await cloudbench(typed('report out/a.json out/b.json'), { cwd })
  expect(both.stdout.match(/^http-json-api \(\S+\) {2}PASSED\b/gm)).toHaveLength(2)
  expect(both.stdout).toMatch(/side by side[^]*\nPASSED {2}exit code 0/)
  expect(both.code).toBe(0)
  const twice = await cloudbench(typed('report out/a.json out/a.json'), { cwd })
  expect(twice.stderr).toMatch(/was given twice/)
  expect(twice.code).toBe(2)
  const evil = JSON.parse(await readFile(join(cwd, 'out/a.json'), 'utf8')) as { run: { id: string } }
  evil.run.id = '../package'
  await writeFile(join(cwd, 'evil.json'), JSON.stringify(evil))
  await writeFile(join(cwd, 'package.json'), '{}')
  const refused = await cloudbench(typed('report evil.json --reporter json'), { cwd })
  expect(refused.code).toBe(2)
  expect(await readFile(join(cwd, 'package.json'), 'utf8')).toBe('{}')
})
