import { createStyle, widthOf } from '@cloudbench/core/text'
import { runOf, tell, type RunName } from '@cloudbench/testkit/runs'
import { expect, test } from 'vitest'
import reporter from '../src/index.ts'
import { plain } from '../src/plain.ts'
import { summarize } from '../src/summary.ts'

const plainStyle = createStyle(false)

/** What is printed of each scenario of a run, by its id. */
function printed(name: RunName, columns = 80, style = plainStyle): Map<string, string> {
  const room = { columns, isTTY: true }
  return new Map(
    runOf(name).scenarios.map((result) => [result.scenario.id, summarize(result, style, room).join('\n')]),
  )
}

/** Without the breaks between words. */
const unfolded = (text: string | undefined): string => text?.replaceAll(/\n {4}/g, ' ') ?? ''

test.each([
  ['doubtful', 'reads', 'reads  PASSED  verdict VALID'],
  ['doubtful', 'neighbours', 'neighbours  PASSED  verdict SUSPECT'],
  ['doubtful', 'unseen', 'unseen  PASSED  verdict UNKNOWN'],
  ['invalid', 'reads', 'reads  INVALID  verdict INVALID'],
] as const)('the headline says what the numbers are worth: %s, %s', (name, scenario, headline) => {
  expect(printed(name).get(scenario)?.split('\n')[0]).toBe(headline)
})

test('a result of an older version has no verdict, and nothing is said of one', () => {
  expect(printed('passed').get('reads')).not.toMatch(/verdict|95 %|signals read/)
})

test('each reason says what was seen, its threshold, when, and what to do', () => {
  const text = unfolded(printed('doubtful').get('neighbours'))
  expect(text).toContain(
    '  ~ this machine did not get 12 % of the CPU time that it asked for (suspect above 1 %, worst from 1 s to 2 s of measure). Use a larger or a dedicated instance, or repeat the run at another time\n',
  )
  expect(unfolded(printed('invalid').get('reads'))).toContain('(invalid below 95 %). Use more workers')
})

test('coverage, what limited the rate and what was asked for are told', () => {
  expect(printed('doubtful').get('reads')).toContain('verdict valid: 3 of 4 signals read')
  expect(printed('invalid').get('reads')).toContain('verdict invalid: limited by the generator · 3 of 4')
  expect(printed('invalid').get('strict')).toContain('only valid numbers count (--require valid)')
  expect(printed('allowed').get('reads')).toContain('invalid numbers were allowed (--allow-invalid)')
})

test('numbers have their intervals: open where the run was too short for an upper end', () => {
  const text = printed('doubtful').get('neighbours')
  expect(text).toContain('95 %: rate ~100/s (98–102) · p50 239 µs (227–249)')
  expect(text).toContain('p99 ~288 µs (≥ 274) · p99.9 ≥ 289 µs')
})

test('a number that is not to be taken as it is has a sign, and the sign its meaning', () => {
  const reads = printed('doubtful').get('reads')
  expect(reads).toMatch(/main .* 288 µs {2}\?≥289 µs/)
  expect(reads).toContain('? does not measure the target · ≥ at least')
  expect(reads).not.toContain('~ may be')
  expect(printed('doubtful').get('neighbours')).toContain('~ may be off by more than its interval')
})

test('times of a target that was saturated are no numbers in the table', () => {
  const text = printed('invalid').get('overload')
  expect(text).toMatch(/main {11}300 {2}100\/s {5}0 % {2}saturated {2}saturated/)
  expect(unfolded(text)).toContain('? target saturated: more came due')
  // neither are they beside the interval of the rate
  expect(text).not.toMatch(/p(50|99) \?≥/)
})

test('a check that stands on an invalid number has a question mark, and says why', () => {
  expect(printed('invalid').get('overload')).toContain(
    '? response.p99 < 25ms: at least 0.3 ms, for the target was saturated',
  )
  expect(printed('invalid').get('overload')).toContain('✗ response.p50 < 0.2ms')
})

test('colour says it too: red is invalid, yellow suspect, and dim too few samples', () => {
  const lines = printed('doubtful', 100, createStyle(true))
  expect(lines.get('neighbours')).toMatch(/33m~288 µs/)
  expect(lines.get('neighbours')).toMatch(/2m≥289 µs/)
  expect(lines.get('reads')).toMatch(/31m\?≥289 µs/)
})

test.each([60, 80, 120])('on %d columns nothing but a check is wider', (columns) => {
  const lines = (['doubtful', 'invalid', 'allowed'] as const)
    .flatMap((name) => [...printed(name, columns).values()])
    .flatMap((text) => text.split('\n'))
  expect(lines.filter((line) => widthOf(line) > columns && !/^ {2}[✓✗?] \S+ [<>]/.test(line))).toEqual([])
})

test('a terminal without Unicode has the same in ASCII', () => {
  // µ and the like: names of units stay as they are, for they have a sign of their own
  for (const text of printed('doubtful').values()) expect(plain(text)).toMatch(/^[\p{ASCII}]*$/u)
  expect(plain(printed('doubtful').get('reads')!)).toContain('?>289 us')
})

test('where a worker was placed is told', () => {
  expect(printed('doubtful').get('neighbours')).toContain('worker 0 on CPUs 8-15 of node 1')
  expect(printed('doubtful').get('reads')).not.toContain('on CPUs')
})

test('side by side, each run has its verdict and its numbers their signs', async () => {
  const result = runOf('invalid')
  const { stdout } = await tell(reporter, { ...result, run: { ...result.run, merged: ['a', 'b', 'c'] } })
  const table = stdout.slice(stdout.indexOf('side by side'))
  expect(table).toMatch(/#1 .*\?61\.3\/s/)
  expect(table).toMatch(/#2 .*saturated/)
  expect(table).toContain('#1 reads  INVALID  verdict INVALID')
  expect(table).toContain('#3 strict  INVALID  verdict SUSPECT')
})
