import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'
import { httpTarget } from './support/target.ts'

const scenario = `target: api
rate: 50/s
duration: 400ms
warmup: 0s
interval: 100ms
checks:
  errors.rate: <= 0.1%
  # never
  requests: '>= 1k'
`

/** A project with a scenario that fails one check. */
async function project(): Promise<{ readonly cwd: string; readonly env: Record<string, string> }> {
  const cwd = await folder({
    'repo/load/config/scenarios/api.yaml': scenario,
    'repo/load/config/targets/api.yaml': "driver: http\nurl: '${env:API_URL}'\n",
    'step.md': '',
  })
  return { cwd: join(cwd, 'repo/load'), env: { API_URL: await httpTarget() } }
}

test('in GitHub Actions a failed check is an annotation where it is written, and the step has a summary', async () => {
  const { cwd, env } = await project()
  const summary = join(cwd, '../../step.md')
  const { code, stdout, stderr } = await cloudbench(typed('--reporter github --reporter ndjson'), {
    cwd,
    env: {
      ...env,
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: join(cwd, '..'),
      GITHUB_STEP_SUMMARY: summary,
    },
  })
  expect(code, stderr).toBe(1)
  expect(stderr).toMatch(
    /^::error file=load\/config\/scenarios\/api\.yaml,line=9,title=api%3A check requests::20(?:, invalid but allowed: .*)?, expected >= 1k$/m,
  )
  expect(await readFile(summary, 'utf8')).toMatch(
    /^## ❌ <code>cloudbench<\/code> failed: 1 of 2 checks failed\n/,
  )
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { event: string })
  expect(lines.filter(({ event }) => event === 'interval').length).toBeGreaterThan(1)
  expect(lines.at(-1)).toMatchObject({ event: 'run-end', result: 'failed', exit: 1 })
})

test('all of them at once, with options from flags and variables, and the same again from the result file', async () => {
  const { cwd, env } = await project()
  const variables = {
    CLOUDBENCH_REPORTERS__CSV__TOTALS: 'sums.csv',
    CLOUDBENCH_REPORTERS__NDJSON__FILE: 'lines.ndjson',
  }
  const reporters = typed('--reporter csv --reporter markdown --reporter ndjson --reporter junit')
  const live = await cloudbench(
    [
      ...reporters,
      '--set',
      'reporters.markdown.file=summary.md',
      '--reporter',
      'json=r.json',
      '--output',
      'out',
    ],
    { cwd, env: { ...env, ...variables } },
  )
  expect(live.code, live.stderr).toBe(1)
  const again = await cloudbench(
    ['report', 'out/r.json', ...reporters.with(3, 'markdown=summary.md'), '--output', 'again'],
    { cwd, env: variables },
  )
  expect(again.code, again.stderr).toBe(1)
  for (const file of ['intervals.csv', 'sums.csv', 'summary.md', 'junit.xml', 'lines.ndjson'])
    expect([file, await readFile(join(cwd, 'again', file), 'utf8')]).toEqual([
      file,
      await readFile(join(cwd, 'out', file), 'utf8'),
    ])
})

test('two reporters that write one file are refused before any load, with both of their names', async () => {
  const { cwd, env } = await project()
  const refused = await cloudbench(typed('--reporter junit=report --reporter markdown=report'), { cwd, env })
  expect(refused.stderr).toMatch(/^CB_OUTPUT: the reporters junit and markdown both write .*\/report$/m)
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  // what only the run tells is found when the second one begins to write
  const late = await cloudbench(
    [...typed('--reporter junit=intervals.csv --output x'), '--reporter', 'csv'],
    { cwd, env },
  )
  expect(late.stderr).toMatch(/reporters junit and csv both write .*\/x\/intervals\.csv/)
  expect(late.code).toBe(2)
})

test('an option for a reporter that is not chosen is refused, with what was meant', async () => {
  const { cwd, env } = await project()
  const { code, stderr } = await cloudbench(
    [...typed('--reporter markdown --set'), 'reporters.markdwon.file=x.md'],
    { cwd, env },
  )
  expect(stderr).toMatch(/^CB_CONFIG: reporters\.markdwon\.file \(--set\) .*\n.*\n.*did you mean markdown\?/)
  expect(code).toBe(2)
})

test('a result that is damaged, or of a newer cloudbench, is refused with the reason', async () => {
  const cwd = await folder({
    'newer.json': '{"format":"cloudbench-result","version":2}',
    'cut.json': '{"format":"cloudbench-result","version":1,"run":{"id"',
    'other.json': '[1, 2]',
  })
  const said = async (file: string): Promise<string> => {
    const { code, stdout, stderr } = await cloudbench(['report', file, '--reporter', 'markdown'], { cwd })
    expect([code, stdout]).toEqual([2, ''])
    return stderr
  }
  expect(await said('newer.json')).toMatch(
    /^CB_RESULT_FILE: .*newer\.json cannot be read as a result: it has version 2, but this cloudbench reads 1\n.*\n.*update cloudbench/,
  )
  expect(await said('cut.json')).toMatch(/^CB_RESULT_FILE: .*cut\.json/)
  expect(await said('other.json')).toMatch(/^CB_RESULT_FILE: .*other\.json .*was not written by cloudbench/)
})
