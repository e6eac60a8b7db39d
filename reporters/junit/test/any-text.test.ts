import { stripVTControlCharacters } from 'node:util'
import { Histogram, type RunResult, type ScenarioResult } from '@cloudbench/core'
import { visible } from '@cloudbench/core/text'
import fc from 'fast-check'
import { parse, type TestSuites } from 'junit2json'
import { expect, test } from 'vitest'
import { reportOf } from '../src/report.ts'
import { suitesOf, unfinishedSuites } from '../src/suites.ts'
import { documentOf, element, legible } from '../src/xml.ts'
import { childrenOf, parseXml } from './parse.ts'
import { faultsOf } from './schema.ts'

/** Every code unit, and above all those that mean something in XML. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.constantFrom(
        '<',
        '>',
        '&',
        '"',
        "'",
        ']]>',
        '\r',
        '\n',
        '\t',
        '\u0000',
        '\u001B[31m',
        '\u009B',
        '\u202E',
        '\u2066',
        '\uD800',
        '\uDC00',
        '\u{1F680}',
        '\uFFFE',
        '\u0085',
        '\u2028',
        '&amp;',
        '&#0;',
        '<!--',
        '<![CDATA[',
        'a',
        '.',
        ' (2)',
      ),
    )
    .map((parts) => parts.join('')),
  fc.array(fc.nat(0xffff)).map((units) => String.fromCharCode(...units)),
)
const someText = anyText.filter((text) => text !== '')

test('any text in an attribute and as content reads back', () => {
  fc.assert(
    fc.property(anyText, anyText, (attribute, content) => {
      const root = parseXml(documentOf(element('a', { b: attribute }, content)))
      expect(root).toMatchObject({ attributes: { b: legible(attribute) }, text: legible(content) })
    }),
    { numRuns: 2000 },
  )
})

test('legible text stays as it is, and has nothing that XML cannot represent', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const once = legible(text)
      expect(legible(once)).toBe(once)
      expect(once.isWellFormed()).toBe(true)
      if (/^[\t\n\r\u0020-\uD7FF]*$/.test(text)) expect(once).toBe(text)
    }),
  )
})

const check = fc.record({
  name: anyText,
  scenario: anyText,
  status: fc.constantFrom('passed', 'failed', 'invalid', 'skipped'),
  expected: anyText,
  actual: anyText,
})
const audit = fc.record(
  {
    name: anyText,
    flow: anyText,
    status: fc.constantFrom('passed', 'failed', 'skipped'),
    examined: fc.nat(),
    violations: fc.nat(),
    message: anyText,
  },
  { requiredKeys: ['name', 'flow', 'status', 'examined', 'violations'] },
)
const error = fc.record({ source: anyText, during: anyText, message: anyText })
const reason = fc.constantFrom('passed', 'failed', 'invalid', 'errored', 'interrupted')

const definition = fc.record({
  id: someText,
  description: anyText,
  tags: fc.array(anyText, { maxLength: 2 }),
  flows: fc.array(
    fc.record({
      name: anyText,
      driver: anyText,
      workload: anyText,
      target: fc.record({ name: anyText, url: anyText, origin: fc.constant('given' as const) }),
    }),
    { maxLength: 2 },
  ),
  phases: fc.constant([]),
  workers: fc.nat(),
  dispatch: fc.constant('tick' as const),
  seed: fc.nat(),
  intervalMs: fc.nat(),
})

const scenario: fc.Arbitrary<ScenarioResult> = fc
  .record({
    scenario: definition,
    reason,
    exitCode: fc.nat(130),
    checks: fc.array(check, { maxLength: 3 }),
    audits: fc.array(audit, { maxLength: 2 }),
    errors: fc.array(error, { maxLength: 2 }),
    elapsedMs: fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), { maxLength: 2 }),
  })
  .map(({ elapsedMs, ...rest }) => ({
    ...rest,
    workers: [],
    phases: elapsedMs.map((ms) => ({
      phase: { name: 'measure', kind: 'measure', scenario: rest.scenario.id, durationMs: ms, loads: {} },
      startedAt: new Date(0),
      elapsedMs: ms,
      flows: [],
      generators: [
        {
          worker: 0,
          cpuMs: 0,
          busy: 0,
          gcCount: 0,
          gcMs: 0,
          gcMinorMs: 0,
          gcMajorMs: 0,
          gcIncrementalMs: 0,
          gcWeakMs: 0,
          gcMaxMs: 0,
          allocatedBytes: 0,
          lag: Histogram.empty,
          hiccup: Histogram.empty,
          rssBytes: 0,
        },
      ],
      signals: [],
      intervals: [],
      breaches: [],
    })),
  }))

const anyResult: fc.Arbitrary<RunResult> = fc
  .record({
    id: anyText,
    name: someText,
    configDigest: anyText,
    version: anyText,
    machine: anyText,
    reason,
    scenarios: fc.uniqueArray(scenario, { maxLength: 3, selector: (result) => result.scenario.id }),
    reached: fc.nat(3),
    checks: fc.array(check, { maxLength: 2 }),
    errors: fc.array(error, { maxLength: 2 }),
  })
  .map(({ id, name, configDigest, version, machine, scenarios, reached, checks, reason: end, ...rest }) => ({
    ...rest,
    run: {
      id,
      name,
      configDigest,
      version,
      startedAt: new Date(0),
      plugins: [],
      machines: [{ name: machine, facts: {} }],
      scenarios: scenarios.map((result) => result.scenario),
    },
    endedAt: new Date(1000),
    exitCode: 0,
    // a run without scenarios has nothing else
    reason: reached === 0 || scenarios.length === 0 ? nothing(end) : end,
    scenarios: scenarios.slice(0, reached),
    checks: [
      ...scenarios.slice(0, reached).flatMap((result) => result.checks),
      ...checks.map((added) => ({ ...added, addedBy: { plugin: 'budget', hook: 'run:evaluate' as const } })),
    ],
  }))

function nothing(end: RunResult['reason']): RunResult['reason'] {
  return end === 'interrupted' ? end : 'errored'
}

/** junit2json reads what looks like a number, white space too, as one. */
function comparable(name: unknown): unknown {
  return typeof name === 'number' || !Number.isNaN(Number(name)) ? 'a number' : name
}

/** As written in a report. */
function shown(text: string): string {
  return legible(visible(stripVTControlCharacters(text)))
}

const plain = (text: string): string => text

test('any run gives a valid file that shows how the run ended', async () => {
  await fc.assert(
    fc.asyncProperty(anyResult, async (result) => {
      const xml = reportOf(result.run, suitesOf(result), plain)
      // a CI system prints it: nothing that a terminal obeys, or that turns text around
      expect(visible(xml)).toBe(xml)
      const root = parseXml(xml)
      expect(faultsOf(root)).toEqual([])
      const suites = childrenOf(root, 'testsuite')
      expect(suites.length).toBeGreaterThanOrEqual(result.run.scenarios.length)

      const names = suites.flatMap((suite) =>
        childrenOf(suite, 'testcase').map(({ attributes }) => attributes['name']),
      )
      for (const { name } of result.checks) expect(names).toContain(shown(`check ${name}`))
      for (const { source, during } of result.errors)
        expect(names).toContain(shown(`error ${source}: ${during}`))
      const outcome = {
        passed: 'system-out',
        failed: 'failure',
        invalid: 'error',
        errored: 'error',
        interrupted: 'skipped',
      }[result.reason]
      const found = suites.flatMap((suite) =>
        childrenOf(suite, 'testcase').flatMap(({ children }) => children),
      )
      expect(found.map(({ tag }) => tag)).toContain(outcome)

      const { testsuite = [] } = (await parse(xml)) as TestSuites
      expect(testsuite.map(({ name }) => comparable(name))).toEqual(
        suites.map(({ attributes }) => comparable(attributes['name'])),
      )
      expect(testsuite.flatMap(({ testcase = [] }) => testcase.map(({ name }) => name))).toEqual(names)
    }),
    { numRuns: 300 },
  )
})

test('the file of any run that has not ended is valid, and an error', () => {
  fc.assert(
    fc.property(anyResult, ({ run }) => {
      const root = parseXml(reportOf(run, unfinishedSuites(run), plain))
      expect(faultsOf(root)).toEqual([])
      expect(Number(root.attributes['errors'])).toBe(Math.max(1, run.scenarios.length))
    }),
  )
})

test('the file stays valid, whatever is redacted', () => {
  const words = ['testcase', 'name', 'time', 'check', 'skipped', '1', '0', '1970', '<', '"', '=', ' ']
  fc.assert(
    fc.property(anyResult, fc.constantFrom(...words), (result, secret) => {
      const xml = reportOf(result.run, suitesOf(result), (text) => text.replaceAll(secret, '***'))
      expect(faultsOf(parseXml(xml))).toEqual([])
    }),
  )
})
