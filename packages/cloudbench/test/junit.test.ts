import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, eventually, folder, startCli, typed } from './support/cli.ts'
import { probe } from './support/probe.ts'
import { httpTarget } from './support/target.ts'

const short = typed('--duration 1s --warmup 0s')

async function withChecks(checks: string, url: string): Promise<string> {
  return await folder({
    'probe.mjs': probe,
    'config/targets/http.yaml': `driver: http\nurl: ${url}\n`,
    'config/scenarios/api.yaml': `target: http\nworkload: json-api\nrate: 50/s\nchecks:\n${checks}`,
  })
}

async function reportIn(cwd: string, file = '.cloudbench/junit.xml'): Promise<string> {
  return await readFile(join(cwd, file), 'utf8')
}

test('`plugins` lists junit among what ships with it', async () => {
  const { code, stdout } = await cloudbench(['plugins', '--json'], { cwd: await folder() })
  const items = JSON.parse(stdout) as { kind: string; specifier: string; problem: string | null }[]
  expect(items).toContainEqual(
    expect.objectContaining({ kind: 'reporter', specifier: 'junit', problem: null }),
  )
  expect(code).toBe(0)
})

test('`--reporter junit` writes checks that hold and checks that fail, and ends with 1', async () => {
  const url = await httpTarget({ failureRate: 0.2 })
  const cwd = await withChecks('  requests: == 50\n  errors.rate: < 1%\n', url)
  const { code, stdout, stderr } = await cloudbench(['api', ...short, '--reporter', 'junit'], { cwd })
  expect(stderr).toContain(`[junit] report: ${join(cwd, '.cloudbench/junit.xml')}`)
  expect(stderr).toContain('check errors.rate < 1% failed: 20 %')
  expect(stdout).toBe('')
  expect(code).toBe(1)
  const xml = await reportIn(cwd)
  const [, seconds] = /<property name="duration_sec" value="([\d.]+)"\/>/.exec(xml) ?? []
  expect(xml).toContain(`<testsuites name="cloudbench" tests="3" failures="1" errors="0" time="${seconds}">`)
  expect(xml).toContain(
    `<testcase name="check requests" classname="cloudbench.api" time="${seconds}" file="config/scenarios/api.yaml" line="5">`,
  )
  expect(xml).toContain(
    '<failure message="20 %, mostly 500: HTTP 500: {&quot;error&quot;:&quot;requested failure&quot;}, expected &lt; 1%" type="check">',
  )
  expect(xml).toContain('<property name="error_rate_pct" value="20"/>')
})

test('a typed path is relative to the current folder, and other reporters run as well', async () => {
  const cwd = await folder()
  const { code, stdout } = await cloudbench(
    ['http-json-api', ...short, ...typed('--reporter default --reporter junit=reports/load.xml')],
    { cwd },
  )
  expect(code).toBe(0)
  expect(stdout).toContain('http-json-api  PASSED')
  expect(await reportIn(cwd, 'reports/load.xml')).toContain('<testcase name="check errors.rate"')
})

test('two reports of one run go to two files', async () => {
  const cwd = await folder()
  const { code, stderr } = await cloudbench(
    ['http-json-api', ...short, ...typed('--reporter junit --reporter junit=mine/load.xml')],
    { cwd },
  )
  expect(code, stderr).toBe(0)
  expect(await reportIn(cwd, 'mine/load.xml')).toBe(await reportIn(cwd))
})

test('a target that refuses is an error, and the run ends with 2', async () => {
  const cwd = await withChecks('  requests: == 50\n', 'http://127.0.0.1:9')
  const { code } = await cloudbench(['api', ...short, '--reporter', 'junit'], { cwd })
  expect(code).toBe(2)
  const xml = await reportIn(cwd)
  expect(xml).toMatch(/tests="3" failures="0" errors="1" skipped="2"/)
  expect(xml).toMatch(/<testcase name="error target: [^"]+"[^>]*>\s*<error message="[^"]+" type="error">/)
})

test('Ctrl-C skips what was not evaluated, and the run ends with 130', async () => {
  const cwd = await withChecks('  requests: == 50\n', await httpTarget())
  const { child, ended, stderr } = startCli(
    [
      'api',
      'http-json-api',
      ...typed('--duration 60s --warmup 0s --interval 200ms'),
      ...typed('--reporter junit --reporter ./probe.mjs'),
    ],
    { cwd },
  )
  await eventually(() => stderr().includes('an interval'))
  child.kill('SIGINT')
  expect((await ended).code).toBe(130)
  const xml = await reportIn(cwd)
  expect(xml).toMatch(/<testsuites name="cloudbench" tests="[34]" failures="0" errors="0"/)
  expect(xml).toMatch(/<testcase name="check requests" classname="cloudbench.api"[^>]*>\s*<skipped /)
  expect(xml).toMatch(/<testcase name="completed" classname="cloudbench.http-json-api"[^>]*>\s*<skipped /)
})

test('a run that is killed leaves an error', async () => {
  const cwd = await withChecks('  requests: == 50\n', await httpTarget())
  const { child, ended, stderr } = startCli(
    [
      'api',
      ...typed('--duration 60s --warmup 0s --interval 200ms'),
      ...typed('--reporter junit --reporter ./probe.mjs'),
    ],
    { cwd },
  )
  await eventually(() => stderr().includes('an interval'))
  child.kill('SIGKILL')
  await ended
  expect(await reportIn(cwd)).toMatch(/<error message="the run has not ended" type="completed">/)
})

test('`report` writes the file that the run had, and one of several runs', async () => {
  const cwd = await withChecks('  requests: == 50\n', await httpTarget())
  const run = ['api', ...short, '--reporter', 'junit']
  await cloudbench([...run, '--reporter', 'json=a.json'], { cwd })
  const live = await reportIn(cwd)
  await cloudbench([...run, '--reporter', 'json=b.json'], { cwd })

  const again = await cloudbench(typed('report a.json --reporter junit=again.xml'), { cwd })
  expect(again.code, again.stderr).toBe(0)
  expect(await reportIn(cwd, 'again.xml')).toBe(live)
  const merged = await cloudbench(typed('report a.json b.json --merge --reporter junit=merged.xml'), { cwd })
  expect(merged.code, merged.stderr).toBe(0)
  const xml = await reportIn(cwd, 'merged.xml')
  expect(xml).toContain('<property name="requests" value="100"/>')
  expect(xml).toContain(
    '<testcase name="check requests (2)" classname="cloudbench.api" time="0" file="config/scenarios/api.yaml" line="5">',
  )
})
