import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runOf, tell, type Told } from '@cloudbench/testkit/runs'
import { expect, onTestFinished, test, vi } from 'vitest'
import reporter from '../src/index.ts'

async function told(
  env: Record<string, string>,
  options: unknown = {},
  result = runOf('failed'),
): Promise<Told> {
  for (const name of ['GITHUB_ACTIONS', 'GITHUB_STEP_SUMMARY', 'GITHUB_WORKSPACE'])
    vi.stubEnv(name, env[name])
  try {
    return await tell(reporter, result, { options })
  } finally {
    vi.unstubAllEnvs()
  }
}

const actions = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: '/summary/step.md' }

test('an invalid run has errors, and numbers that are only suspect have warnings', async () => {
  const invalid = (await told(actions, {}, runOf('invalid'))).stderr
  expect(invalid).toMatch(/^::error title=reads%3A check response.p99::/)
  expect(invalid).toContain('::error title=reads%3A verdict GENERATOR_LIMITED::the generator sent 81 %25')
  const doubtful = (await told(actions, {}, runOf('doubtful'))).stderr
  expect(doubtful).toMatch(/^::warning title=neighbours%3A verdict CPU_STEAL::/)
  expect(doubtful).not.toContain('::error')
})

test('in a step: annotations on standard error, and the report in the summary of the step', async () => {
  const { files, stdout, stderr, log } = await told(actions)
  expect([stdout, log]).toEqual(['', []])
  const lines = stderr.trimEnd().split('\n')
  expect(lines.map((line) => line.slice(0, line.indexOf('::', 2)))).toEqual([
    '::error title=reads%3A check baseline',
    '::error title=reads%3A check errors.rate',
    '::error title=reads%3A audit main/acknowledged writes are stored',
    '::error title=check baseline',
    '::warning title=reads%3A skipped%3A check last month',
    '::warning title=reads%3A the rate was not reached',
  ])
  expect([...files.keys()]).toEqual(['/summary/step.md'])
  expect(files.get('/summary/step.md')).toMatch(
    /^## ❌ <code>cloudbench<\/code> failed: 3 of 4 checks failed/,
  )
})

test('elsewhere it says that it does nothing, but writes a summary that was asked for', async () => {
  const { files, stderr, log } = await told({})
  expect([files.size, stderr]).toEqual([0, ''])
  expect(log).toEqual(['GITHUB_ACTIONS is not true: no annotations, and no job summary'])
  const asked = await told({}, { summary: 'summary.md' })
  expect(asked.files.get('summary.md')).toMatch(/^## ❌/)
  expect(asked.log).toEqual(['GITHUB_ACTIONS is not true: no annotations'])
})

test('each can be left out, and a summary that cannot be is said', async () => {
  expect((await told(actions, { annotations: false })).stderr).toBe('')
  expect((await told(actions, { summary: false })).files.size).toBe(0)
  const { log } = await told({ GITHUB_ACTIONS: 'true' })
  expect(log).toEqual(['GITHUB_STEP_SUMMARY is not set: there is no job summary'])
})

test('a summary keeps what is there, within the size that GitHub shows, or says that there is no room', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'cloudbench-github-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'step.md')
  const env = { ...actions, GITHUB_STEP_SUMMARY: file }
  await writeFile(file, '| of another | program |')
  // what is appended is recorded in memory here
  expect((await told(env)).files.get(file)).toMatch(/^\n\n## ❌/)
  expect(await readFile(file, 'utf8')).toBe('| of another | program |')
  await truncate(file, 1_048_576 - 4_100)
  const { scenarios, ...rest } = runOf('failed')
  const long = { ...rest, scenarios: Array(10).fill(scenarios).flat() as typeof scenarios }
  const added = (await told(env, {}, long)).files.get(file)!
  expect(Buffer.byteLength(added)).toBeLessThanOrEqual(4_100)
  expect(added).toContain('**Left out')
  await truncate(file, 1_048_576 - 1_000)
  await expect(told(env)).rejects.toThrow(/has no room for a summary: it has 1047576 bytes/)
})
