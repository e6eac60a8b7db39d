import type { RunResult } from '@cloudbench/core'
import { runNames, runOf, tell, type RunName } from '@cloudbench/testkit/runs'
import { Marked } from 'marked'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'
import { findingsOf, summaryOf } from '../src/summary.ts'

async function reported(run: RunName | RunResult, limit?: number): Promise<string> {
  const result = typeof run === 'string' ? runOf(run) : run
  const { files } = await tell(reporter, result, { options: limit === undefined ? {} : { limit } })
  return files.get('report.md')!
}

test('a run that passed has a headline, a table, its course and folded details', async () => {
  const text = await reported('passed')
  expect(text).toMatch(/^## ✅ <code>cloudbench<\/code> passed: 1 check\n/)
  expect(text).toContain('| ✅ <code>reads</code> | 300 | 100/s | 0\u00A0% | response |')
  expect(text).toMatch(/^rate █{3} 100\/s$/m)
  expect(text).toMatch(/^p99 {2}█{3} /m)
  expect(text).toContain('<details><summary>reads</summary>\n\n')
  expect(text).toContain('| <code>main/get</code> | 270 |')
  expect(text).toContain('- ✅ <code>response.p99 &#60; 25ms</code>: 0.3 ms')
  expect(text).not.toContain('⚠️')
})

test('what failed is above what is folded, with its place, and what is doubtful below it', async () => {
  const { scenarios, checks, ...rest } = runOf('failed')
  const source = { file: 'config/scenarios/reads.yaml', line: 7 }
  const placed = scenarios.map((scenario) => ({
    ...scenario,
    checks: scenario.checks.map((check) => (check.name === 'errors.rate' ? { ...check, source } : check)),
  }))
  const text = await reported({ ...rest, checks, scenarios: placed })
  expect(text).toMatch(/^## ❌ <code>cloudbench<\/code> failed: 3 of 4 checks failed, 1 of 1 audit failed\n/)
  const found = text
    .slice(0, text.indexOf('<details>'))
    .split('\n')
    .filter((line) => line.startsWith('- '))
  expect(found).toEqual([
    expect.stringMatching(
      /^- ❌ <code>reads<\/code>: <code>check baseline<\/code>: 7 % slower, expected at most 5 % slower$/,
    ),
    expect.stringMatching(
      /check errors\.rate<\/code>: 5\.4 %, expected &#60;= 0\.1% \(<code>config\/scenarios\/reads\.yaml&#58;7<\/code>\)$/,
    ),
    expect.stringMatching(
      /audit main\/acknowledged writes are stored<\/code>: 2 of 30 wrong&#58; key 7 and key 9 are gone$/,
    ),
    expect.stringMatching(/^- ❌ <code>check baseline<\/code>/),
    expect.stringMatching(/^- ⚠️ <code>reads<\/code>: <code>skipped&#58; check last month<\/code>/),
    expect.stringMatching(/^- ⚠️ <code>reads<\/code>: <code>the rate was not reached<\/code>: 10 requests/),
  ])
})

test('a run that could not be measured says so, and one that was interrupted what it had', async () => {
  const errored = await reported('errored')
  expect(errored).toMatch(/^## 💥 <code>cloudbench<\/code> could not be measured\n/)
  expect(errored).toContain('<code>error worker 0&#58; load</code>: exited with code 1; it said nothing')
  const interrupted = await reported('interrupted')
  expect(interrupted).toMatch(/^## ⚠️ <code>cloudbench<\/code> interrupted\n/)
  expect(interrupted).toContain('after 100 requests')
  expect(interrupted).not.toContain('skipped&#58; check')
})

test('a killed run leaves a report that says that it has not ended', async () => {
  const { files } = await tell(reporter, runOf('passed'), { untilStart: true })
  expect(files.get('report.md')).toMatch(/^## 💥 <code>cloudbench<\/code> has not ended\n/)
})

test.each(runNames)('%s: every table and every fold is whole', async (name) => {
  const text = await reported(name)
  const html = new Marked({ gfm: true }).parse(text) as string
  for (const tag of ['details', 'summary', 'code', 'table', 'tr', 'sub'])
    expect(html.match(new RegExp(`<${tag}[ >]`, 'g'))?.length, tag).toBe(
      html.match(new RegExp(`</${tag}>`, 'g'))?.length,
    )
  // no row without a table, no item beside a list
  expect(html.replaceAll(/<table>.*?<\/table>/gs, '')).not.toMatch(/^\|/m)
  for (const [, row] of html.matchAll(/<tr>(.*?)<\/tr>/gs))
    expect(row!.match(/<t[hd]/g)!.length).toBeGreaterThan(8)
})

test('a report is never longer than allowed, and says what was left out', async () => {
  const { scenarios, run, ...rest } = runOf('failed')
  const many = Array.from({ length: 120 }, (_, at) => {
    const { scenario, ...one } = scenarios[at % scenarios.length]!
    return { ...one, scenario: { ...scenario, id: `${scenario.id} ${at} ${'漢'.repeat(50)}` } }
  })
  const result = {
    ...rest,
    run: { ...run, scenarios: many.map(({ scenario }) => scenario) },
    scenarios: many,
  }
  for (const limit of [4_096, 16_384, 65_536]) {
    const text = await reported(result, limit)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit)
    expect(text).toMatch(/^\*\*Left out, for it would be too long:\*\* .*\d+ × detail/m)
    // what matters most stays
    expect(text).toMatch(/^## ❌/)
    expect(text).toContain('| ❌ <code>reads 0 ')
    if (limit === 65_536) expect(text).toContain('check errors.rate')
  }
})

test('a target that does no work is told', () => {
  const { scenarios, ...rest } = runOf('passed')
  const [first] = scenarios
  const flows = first!.scenario.flows.map((flow) => ({
    ...flow,
    target: { ...flow.target, origin: 'loopback' as const },
  }))
  const titles = findingsOf({
    ...rest,
    scenarios: [{ ...first!, scenario: { ...first!.scenario, flows } }],
  }).map(({ level, title }) => `${level}: ${title}`)
  expect(titles).toEqual(['warning: no service was measured'])
})

test('a secret is not in it, even where it would have been escaped or is a word of the format', () => {
  const { scenarios, ...rest } = runOf('errored')
  const errors = [
    { source: 'target', during: 'load', message: 'url is redis://u:p@ss|w@h', scenario: 'reads' },
  ]
  const result = { ...rest, scenarios: scenarios.map((scenario) => ({ ...scenario, errors })) }
  const text = summaryOf(result, {
    limitBytes: 65_536,
    redact: (given) => given.replaceAll('p@ss|w', '***').replaceAll('details', '***'),
  })
  expect(text).toContain('redis&#58;//u&#58;&#42;&#42;&#42;&#64;h')
  expect(text).toContain('<details>')
})
