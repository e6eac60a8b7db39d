import { runOf, tell, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'
import { findingsOf } from '../src/summary.ts'

async function reported(run: RunName): Promise<string> {
  const { files } = await tell(reporter, runOf(run))
  return files.get('report.md')!.replaceAll('\u00A0', ' ')
}

const titlesOf = (run: RunName): string[] =>
  findingsOf(runOf(run)).map(({ level, scenario, title }) => `${level} ${scenario}: ${title}`)

test('a run that is invalid says so first, and tells what failed from what cannot be judged', async () => {
  expect(await reported('invalid')).toMatch(
    /^## ❓ <code>cloudbench<\/code> invalid: 1 failed and 4 invalid of 6 checks\n/,
  )
})

test('the table has the verdict of each scenario, and signs on its numbers', async () => {
  const text = await reported('doubtful')
  expect(text).toContain(
    '| ✅ <code>neighbours</code> | 300 | &#126;100/s | 0 % | response | 239 µs | &#126;288 µs | 289 µs | suspect | 2 of 2 |',
  )
  expect(text).toMatch(/<code>reads<\/code> .* \| valid \|/)
  expect(text).toMatch(/<code>unseen<\/code> .* \| unknown \|/)
  expect(await reported('passed')).toMatch(/<code>reads<\/code> .* \| – \| 1 of 1 \|/)
})

test('times of a target that was saturated are no numbers', async () => {
  const text = await reported('invalid')
  expect(text).toMatch(
    /<code>overload<\/code> \| 300 \| 100\/s \| 0 % \| response \| saturated \| saturated \|/,
  )
  const details = text.slice(text.indexOf('<summary>overload'))
  expect(details).toMatch(/\| 95 % interval \| {2}\| 98–102\/s \| {2}\| {2}\| {2}\|/)
})

test('reasons are errors where they made the scenario invalid, warnings where its numbers are doubtful', () => {
  expect(titlesOf('invalid')).toEqual([
    'error reads: check response.p99',
    'error reads: check rate',
    'error reads: verdict GENERATOR_LIMITED',
    'error overload: check response.p50',
    'error overload: check response.p99',
    'error overload: verdict TARGET_SATURATED',
    'error strict: check response.p99',
    'warning reads: the rate was not reached',
    'warning strict: verdict CPU_STEAL',
    'warning strict: verdict NOT_STEADY',
    'warning strict: verdict TOO_FEW_SAMPLES',
  ])
  expect(titlesOf('doubtful')).toEqual([
    'warning neighbours: verdict CPU_STEAL',
    'warning neighbours: verdict NOT_STEADY',
    'warning neighbours: verdict TOO_FEW_SAMPLES',
    'warning unseen: verdict unknown',
  ])
})

test('invalid numbers that were allowed are told, and are no errors', () => {
  expect(titlesOf('allowed')).toEqual([
    'warning reads: invalid numbers were allowed',
    'warning reads: verdict GENERATOR_LIMITED',
  ])
})

test('a finding says what was seen, its threshold and what to do', () => {
  const [, , limited] = findingsOf(runOf('invalid'))
  expect(limited?.text).toBe(
    'the generator sent 81 % of what came due, and was busy 97 % of the time (invalid below 95 %): use more workers (--workers) or a lower rate (--rate)',
  )
})

test('the details have intervals, what signs mean, coverage, every reason and where workers were placed', async () => {
  const text = await reported('doubtful')
  const [, reads = '', neighbours = ''] = text.split('<summary>')
  expect(reads).toContain(
    '| 95 % interval |  | 98–102/s |  | 227–249 µs | 265–290 µs | ≥ 274 µs |  |  |  |\n',
  )
  expect(reads).toContain('? does not measure the target, ≥ at least\n')
  expect(reads).toContain('- verdict: valid, 3 of 4 signals read\n  - invalid GENERATOR_LAG: the load thread')
  expect(neighbours).toContain('- worker 0 on CPUs 8-15 of node 1\n')
})
