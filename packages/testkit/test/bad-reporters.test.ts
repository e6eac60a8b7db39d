import { expect, test } from 'vitest'
import { reporterRules } from '../src/reporter.ts'
import { examine } from '../src/rule.ts'

interface Bad {
  /** In fixtures/plugins/reporter. */
  readonly plugin: string
  /** The rule that it breaks. */
  readonly rule: string
  /** What the fault says. */
  readonly says: RegExp
}

const table: readonly Bad[] = [
  {
    plugin: 'writes-unasked',
    rule: 'reports a run that passed',
    says: /^the reporter writes to standard output without claiming it: "passed\\n"$/,
  },
  {
    plugin: 'claims-by-its-options',
    rule: 'reports a run that passed',
    says: /^the reporter writes to standard error and claims standard output: "passed\\n"$/,
  },
  {
    plugin: 'draws-beside-the-screen',
    rule: 'leaves standard output to another reporter',
    says: /^the reporter writes to standard output and claims the screen, which is standard error: "passed\\n"$/,
  },
  {
    plugin: 'claims-everything',
    rule: 'reports a run that passed',
    says: /^the reporter "claims-everything" claims true of the terminal$/,
  },
  {
    plugin: 'uses-console',
    rule: 'reports a run that passed',
    says: /^the reporter prints: "passed\\n"$/,
  },
  {
    plugin: 'throws-on-second-close',
    rule: 'can be closed twice, and without a run',
    says: /^close for the second time, without a run, throws: it is closed$/,
  },
  {
    plugin: 'needs-a-run-to-close',
    rule: 'can be closed twice, and without a run',
    says: /^close without a run throws: nothing is open$/,
  },
  {
    plugin: 'never-returns',
    rule: 'reports a run that passed',
    says: /^onRunEnd hangs: no answer within 2500 ms$/,
  },
  {
    plugin: 'mutates-result',
    rule: 'reports a run that passed',
    says: /^onRunEnd changes its payload: scenarios\.0\.phases\.0\.intervals\.0\.startMs was 0 and became 1000$/,
  },
  {
    plugin: 'reads-inside-histograms',
    rule: 'reports a run that passed',
    says: /^onPhaseEnd throws: Cannot read properties of undefined \(reading 'counts'\)$/,
  },
  {
    plugin: 'writes-elsewhere',
    rule: 'reports a run that passed',
    says: /^the reporter writes outside of the output folder: report\.txt$/,
  },
  {
    plugin: 'writes-above',
    rule: 'reports a run that passed',
    says: /^the reporter writes outside of the output folder: \.\.\/report\.txt$/,
  },
  {
    plugin: 'writes-to-absolute-path',
    rule: 'writes only below its output folder',
    says: /^onRunEnd writes outside of the output folder: \/tmp\/cloudbench-fixture-report\.txt$/,
  },
  {
    plugin: 'keeps-timer',
    rule: 'reports a run that passed',
    says: /^after close, 1 Timeout still keeps the process alive$/,
  },
  {
    plugin: 'throws-on-empty-run',
    rule: 'reports a run without a scenario',
    says: /^onRunEnd throws: Cannot read properties of undefined/,
  },
  {
    plugin: 'throws-without-requests',
    rule: 'reports a run without a single request',
    says: /^onPhaseEnd throws: The number NaN cannot be converted/,
  },
  {
    plugin: 'names-files-after-descriptions',
    rule: 'reports names of any letters',
    says: /^the reporter writes outside of the output folder: \.\.\/\.\.\/x /,
  },
  {
    plugin: 'measures-by-itself',
    rule: 'reports the same run the same way again',
    says: /^report\.txt is not the same the second time: line 1 was "took \d+ ns" and is "took \d+ ns"$/,
  },
  {
    plugin: 'invents-numbers-on-replay',
    rule: 'reports a replay like the run itself',
    says: /^report\.txt is not the same on a replay: line 1 was "as it was seen" and is "about 1000 requests"$/,
  },
  {
    plugin: 'colours-everything',
    rule: 'draws on a terminal',
    says: /^the reporter writes "\\u001b\[32m" although no colours are wanted$/,
  },
  {
    plugin: 'returns-nothing',
    rule: 'reports a run that passed',
    says: /^create resolves with undefined$/,
  },
  {
    plugin: 'takes-any-option',
    rule: 'accepts its options, and refuses others by name',
    says: /^"takes-any-option" accepts an option that it does not have: cloudbenchTestkitUnknown$/,
  },
  {
    plugin: 'says-nothing-of-its-options',
    rule: 'describes every option',
    says: /^"says-nothing-of-its-options" does not describe its options word, tls\.ca, tls\.ca\.file$/,
  },
]

test.concurrent.for(table)('$plugin: $rule', { timeout: 90_000 }, async ({ plugin, rule, says }) => {
  const reporter = new URL(`../../../fixtures/plugins/reporter/${plugin}.ts`, import.meta.url)
  const rules = reporterRules({ reporter, limitMs: 2_500 })
  const broken = rules.filter(({ name }) => name === rule)
  expect(broken, `a rule called "${rule}"`).toHaveLength(1)
  expect(await examine(broken)).toEqual([
    {
      rule,
      what: expect.stringMatching(says),
      expected: expect.any(String),
      next: expect.any(String),
    },
  ])
})
