import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { cloudbench, folder, typed } from './support/cli.ts'

/** The command that the README of a reporter shows first, without what is behind a pipe. */
async function exampleOf(reporter: string): Promise<string[]> {
  const readme = await readFile(new URL(`../../../reporters/${reporter}/README.md`, import.meta.url), 'utf8')
  const [, line] = /^```sh\nnpx cloudbench (.*?)(?: \| .*)?\n```$/m.exec(readme)!
  return typed(line!)
}

const actions = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: 'step.md' }

test.each<[string, Record<string, string>, Record<string, RegExp>]>([
  ['markdown', {}, { 'report.md': /^## ✅ <code>cloudbench<\/code> passed: 1 check\n/ }],
  ['github', actions, { '.cloudbench/step.md': /^## ✅ .*\n[^]*no service was measured/ }],
  [
    'csv',
    {},
    { 'tables/intervals.csv': /^scenario,phase,.*\r\nhttp-json-api,/, 'tables/totals.csv': /,passed,/ },
  ],
  ['ndjson', {}, {}],
])('the example in the README of reporter-%s runs', async (reporter, env, files) => {
  const cwd = await folder()
  const words = [
    ...(await exampleOf(reporter)),
    ...typed('--duration 300ms --warmup 0s --interval 100ms --set targets.http.url=loopback'),
  ]
  const { code, stdout, stderr } = await cloudbench(words, { cwd, env })
  expect(code, stderr).toBe(0)
  for (const [file, content] of Object.entries(files))
    expect(await readFile(join(cwd, file), 'utf8')).toMatch(content)
  if (reporter === 'ndjson')
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { event: string }).event),
    ).toEqual(expect.arrayContaining(['run-start', 'interval', 'run-end']))
  if (reporter === 'github')
    expect(stderr).toMatch(/^::warning title=http-json-api%3A no service was measured::/m)
})
