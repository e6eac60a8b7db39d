import { readFileSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { cloudbench, folder, typed } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

const guide = readFileSync(new URL('../../../docs/guide/ci.md', import.meta.url), 'utf8')

/** The files of the guide, by the path in their first line. */
const files = Object.fromEntries(
  [...guide.matchAll(/```\w+\n(?:#|\/\/) (\S+)\n(.*?)```/gs)].map(([, path, content]) => [path!, content!]),
)
const config = Object.fromEntries(Object.entries(files).filter(([path]) => path.startsWith('config/')))

test('the configuration of the guide runs as it says', async () => {
  const cwd = await folder(config)
  const env = { API_URL: await httpTarget(), API_TOKEN: 'S3NTINEL-token' }
  const plan = await cloudbench(typed('--baseline ci --dry-run'), { cwd, env })
  expect(plan.code, plan.stderr).toBe(0)
  // a scenario file that set it would override the baseline
  expect(plan.stdout.match(/warmup 5 s/g)).toHaveLength(2)
  expect(plan.stdout.match(/measure 20 s/g)).toHaveLength(2)
  for (const check of ['errors.rate < 0.1%', 'response.p99 < 250ms', 'rate >= 198/s', 'service.p99 < 10ms'])
    expect(plan.stdout).toContain(`check ${check}`)

  // the limits are those of a quiet machine
  const lenient = [
    '--set',
    'scenarios.api.checks["response.p99"]=< 30s',
    '--set',
    'scenarios.api.checks.rate=>= 1/s',
  ]
  const { code, stdout, stderr } = await cloudbench(
    [...typed('api --baseline ci --duration 1s --warmup 0s'), ...lenient],
    { cwd, env },
  )
  expect(code, stdout + stderr).toBe(0)
  expect(stdout).toContain('api  PASSED')
  expect(stderr).toContain('[github] GITHUB_ACTIONS is not true')
  expect((await readdir(join(cwd, 'reports'))).toSorted()).toEqual(['junit.xml', 'report.md', 'result.json'])
  expect(await readFile(join(cwd, 'reports/report.md'), 'utf8')).toMatch(
    /^## ✅ <code>load-ci<\/code> passed: 4 checks\n/,
  )
  const xml = await readFile(join(cwd, 'reports/junit.xml'), 'utf8')
  expect(xml).toContain('<testsuites name="load-ci" tests="5" failures="0" errors="0"')
  expect(xml).toContain('classname="load-ci.api"')
  expect(xml).toContain('file="config/baseline/ci.yaml" line="19"')
  expect(xml).not.toContain('S3NTINEL')

  const merged = await cloudbench(
    typed('report reports/result.json --output all --reporter default --reporter junit'),
    { cwd },
  )
  expect(merged.code, merged.stderr).toBe(0)
  expect(await readFile(join(cwd, 'all/junit.xml'), 'utf8')).toContain('name="check unsent"')
})

test.each(['.github/workflows/load.yml', '.gitlab-ci.yml', 'Jenkinsfile'])(
  '%s runs the baseline and publishes the file that it writes',
  (path) => {
    const text = files[path]!
    expect(text).toContain('npx cloudbench --baseline ci')
    // on GitHub the reporter `github` publishes, and the files are kept
    if (path.startsWith('.github')) expect(text).toContain('path: reports/')
    else expect(text).toMatch(/(junit|testResults): '?reports\/junit\.xml/)
    expect(text).toContain('always')
    if (path.endsWith('.yml')) expect(parse(text)).toBeTypeOf('object')
  },
)

test('every step that the guide adds is YAML, and names a file that the baseline writes', () => {
  const steps = [...guide.matchAll(/a test reads it -->\n\n```yaml\n((?!#).*?)```/gs)].map(
    ([, text]) => text!,
  )
  expect(steps).toHaveLength(3)
  for (const step of steps) {
    expect(parse(step)).toBeTypeOf('object')
    expect(step).toMatch(/reports\/(report\.md|junit\.xml)/)
  }
})
