import { beforeAll, describe, expect, it } from 'vitest'
import { resultFile } from '../../src/result/file.ts'
import { readResult } from '../../src/result/read.ts'
import type { ResultFile } from '../../src/result/schema.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

interface Counts {
  count: number
  max: number
  sum: number
}

interface Check {
  name: string
  status: string
  expected: string
  value?: number
  validity?: string
}

/** What the tests change of a file. */
interface Scenario {
  definition: { id: string; trace?: unknown }
  tps_avg: number
  verdict_reasons: string[]
  judgement: {
    numbers: { flow?: string; interval?: unknown; value: number | null; validity: string }[]
    reasons: unknown[]
    signals: unknown[]
    limitedBy?: string
  }
  checks: Check[]
  audits: unknown[]
  phases: {
    breaches: string[]
    intervals: { requests: Record<string, unknown>[] }[]
    flows: {
      flow: string
      operations: Record<
        string,
        {
          ok: number
          sent: number
          scheduled: number
          outcomes: Record<string, { count: number }>
          service: Counts
        }
      >
    }[]
  }[]
}

interface File {
  run: { id: string }
  reason: string
  exit: number
  errors: unknown[]
  checks: Check[]
  scenarios: Scenario[]
}

let passed: ResultFile
let failed: ResultFile
let traced: ResultFile
beforeAll(async () => {
  const checks = { 'errors.rate': '< 1%', requests: '> 10' }
  passed = resultFile(await runSteady({ durationMs: 400, checks }))
  failed = resultFile(await runSteady({ durationMs: 400, checks: { requests: '> 1M' } }))
  const scenarios = [{ trace: { ratio: 1, propagate: true } }]
  traced = resultFile(await runSteady({ durationMs: 400, scenarios }))
})

function changed(file: ResultFile, change: (file: File, scenario: Scenario) => void): string {
  const copy = structuredClone(file) as unknown as File
  change(copy, copy.scenarios[0]!)
  return fileOf(copy)
}

async function refusal(path: string): Promise<string> {
  const error = await readResult(path).then(
    () => undefined,
    (thrown: unknown) => thrown as Error & { code?: string },
  )
  expect(error?.code, 'it was read').toBe('CB_RESULT_FILE')
  return error!.message
}

const operation = (scenario: Scenario) => scenario.phases[0]!.flows[0]!.operations['read']!

describe('a result file', () => {
  it('that agrees with itself is read, with the verdict that it had', async () => {
    expect(await readResult(fileOf(passed))).toMatchObject({ reason: 'passed', exitCode: 0 })
    expect(await readResult(fileOf(failed))).toMatchObject({ reason: 'failed', exitCode: 1 })
  })

  it.each<[what: string, from: () => ResultFile, change: Parameters<typeof changed>[1], place: RegExp]>([
    ['an exit code of 0 for a failed run', () => failed, (file) => (file.exit = 0), /: exit: 0, but/],
    [
      'a failed run that says passed',
      () => failed,
      (file) => (file.reason = 'passed'),
      /: reason: passed, but/,
    ],
    [
      'a failed scenario that says passed, all the way up',
      () => failed,
      (file, scenario) => {
        Object.assign(file, { reason: 'passed', exit: 0 })
        Object.assign(scenario, { reason: 'passed', exit: 0 })
      },
      /scenarios\.0\.reason: passed, but the rest of the file says failed/,
    ],
    [
      'a check that says passed, against the value beside it',
      () => failed,
      (file, scenario) => {
        Object.assign(file, { reason: 'passed', exit: 0 })
        Object.assign(scenario, { reason: 'passed', exit: 0 })
        for (const check of [...file.checks, ...scenario.checks]) check.status = 'passed'
      },
      /scenarios\.0\.checks\.0\.status: passed, although 40.* is not > 1M/,
    ],
    [
      'a check with another value than was measured',
      () => passed,
      (file, scenario) => {
        for (const check of [...file.checks, ...scenario.checks])
          if (check.name === 'requests') check.value = 39
      },
      /scenarios\.0\.checks\.1\.status: passed \(40.*\), but the numbers say passed \(40\)/,
    ],
    [
      'a check of the run that is none of its scenario',
      () => failed,
      (file) => void file.checks.push({ ...file.checks[0]!, name: 'rate' }),
      /: checks: they are not those of the scenarios/,
    ],
    [
      'an audit that passed with violations',
      () => passed,
      (_, scenario) =>
        void scenario.audits.push({
          name: 'kept',
          flow: 'main',
          status: 'passed',
          examined: 9,
          violations: 2,
        }),
      /scenarios\.0\.audits\.\d\.status: passed, but 2 are wrong/,
    ],
    [
      'an audit that failed in a run that passed',
      () => passed,
      (_, scenario) =>
        void scenario.audits.push({
          name: 'kept',
          flow: 'main',
          status: 'failed',
          examined: 9,
          violations: 2,
        }),
      /scenarios\.0\.reason: passed, but the rest of the file says failed/,
    ],
    [
      'an error in a run that passed',
      () => passed,
      (file) => void file.errors.push({ source: 'json', during: 'run:end', message: 'no space' }),
      /: reason: passed, but the rest of the file says errored/,
    ],
    [
      'a broken law of accounting in a run that passed',
      () => passed,
      (_, scenario) => void scenario.phases[0]!.breaches.push('main: sent 4 ≠ answered 3'),
      /scenarios\.0\.reason: passed, but the rest of the file says invalid/,
    ],
    [
      'a number in its verdict that was not measured',
      () => passed,
      (_, { judgement }) => void (judgement.numbers[0]!.value! += 1),
      /scenarios\.0\.judgement\.numbers\.0\.value: [\d.]+, but the numbers say/,
    ],
    [
      'a verdict that says more than its reasons',
      () => passed,
      (_, { judgement }) => Object.assign(judgement, { validity: 'invalid', reasons: [] }),
      /scenarios\.0\.(judgement|reason)/,
    ],
    [
      'a number that is doubtful and has no reason',
      () => passed,
      (_, { judgement }) => Object.assign(judgement.numbers[0]!, { validity: 'suspect', codes: [] }),
      /judgement\.numbers\.0\.validity: suspect, and nothing says why/,
    ],
    [
      'a number that is valid in spite of its reasons',
      () => passed,
      (_, { judgement }) => {
        judgement.reasons.push({ code: 'SWAP', validity: 'suspect', text: 'it swapped', advice: 'do not' })
        Object.assign(judgement.numbers[0]!, { validity: 'valid', codes: ['SWAP'] })
      },
      /judgement\.numbers\.0\.validity: valid, although SWAP concern/,
    ],
    [
      'an interval beside its number',
      () => passed,
      (_, { judgement }) => {
        const { value } = judgement.numbers[0]!
        judgement.numbers[0]!.interval = { low: value! + 1, high: null }
      },
      /judgement\.numbers\.0\.interval: from [\d.]+ to any, but the number is/,
    ],
    [
      'a signal that is valid beyond its threshold',
      () => passed,
      (_, { judgement }) =>
        void judgement.signals.push({
          name: 'made-up',
          validity: 'valid',
          observed: 0.5,
          suspectAbove: 0.1,
          invalidAbove: null,
          unit: 'share',
        }),
      /judgement\.signals\.\d+\.validity: valid, but the rest of the file says suspect/,
    ],
    [
      'a signal that is valid although it was not read',
      () => passed,
      (_, { judgement }) =>
        void judgement.signals.push({
          name: 'made-up',
          validity: 'valid',
          suspectAbove: 0.1,
          invalidAbove: null,
          unit: 'share',
        }),
      /judgement\.signals\.\d+\.validity: valid, but the rest of the file says unknown/,
    ],
    [
      'a limit that is none of the reasons',
      () => passed,
      (_, { judgement }) => void (judgement.limitedBy = 'network'),
      /judgement\.limitedBy: network, which none of the reasons says/,
    ],
    [
      'a verdict that is valid of numbers that are unknown',
      () => passed,
      (file, { checks, judgement }) => {
        for (const check of [...file.checks, ...checks]) check.validity = 'unknown'
        Object.assign(judgement, { validity: 'valid', reasons: [] })
        for (const number of judgement.numbers) Object.assign(number, { validity: 'unknown', codes: [] })
        Reflect.deleteProperty(judgement, 'limitedBy')
      },
      /judgement\.validity: valid, which does not follow/,
    ],
    [
      'a verdict that is unknown of numbers that are known to be doubtful',
      () => passed,
      (file, { checks, judgement }) => {
        for (const check of [...file.checks, ...checks]) check.validity = 'suspect'
        const reason = { code: 'SWAP', validity: 'suspect', text: 'it swapped', advice: 'do not' } as const
        Object.assign(judgement, { validity: 'unknown', reasons: [reason] })
        for (const number of judgement.numbers)
          Object.assign(number, { validity: 'suspect', codes: ['SWAP'] })
        Reflect.deleteProperty(judgement, 'limitedBy')
      },
      /judgement\.validity: unknown, which does not follow/,
    ],
    [
      'a verdict on a flow that there is not',
      () => passed,
      (_, { judgement }) => void (judgement.numbers[0]!.flow = 'other'),
      /scenarios\.0\.judgement\.numbers\.0\.flow: "other" is none of the flows/,
    ],
    [
      'a check that is invalid on a number that is not',
      () => passed,
      (file, scenario) => {
        for (const check of [...file.checks, ...scenario.checks]) check.status = 'invalid'
        Object.assign(file, { reason: 'invalid', exit: 3 })
        Object.assign(scenario, { reason: 'invalid', exit: 3 })
      },
      /scenarios\.0\.checks\.0\.status: invalid, although its number is/,
    ],
    [
      'a check that says that its number is worse than the verdict does',
      () => passed,
      (file, scenario) => {
        for (const check of [...file.checks, ...scenario.checks]) check.validity = 'suspect'
        for (const number of scenario.judgement.numbers) number.validity = 'valid'
      },
      /scenarios\.0\.checks\.0\.validity: suspect, but the rest of the file says valid/,
    ],
    [
      'no verdict beside checks that speak of one',
      () => passed,
      (file, scenario) => {
        for (const check of [...file.checks, ...scenario.checks]) check.validity = 'suspect'
        Reflect.deleteProperty(scenario, 'judgement')
      },
      /scenarios\.0\.checks\.0\.validity: suspect, but there is no verdict/,
    ],
    [
      'a flat line with another verdict',
      () => passed,
      (_, scenario) => void (scenario.verdict_reasons = ['SWAP']),
      /scenarios\.0\.verdict_reasons: SWAP, but the rest of the file says/,
    ],
    [
      'counts that do not add up',
      () => passed,
      (_, scenario) => void (operation(scenario).sent += 1),
      /scenarios\.0\.phases\.0\.flows\.0\.operations\.read: sent is 41, but the other counts make 40/,
    ],
    [
      'a histogram with other counts than the requests',
      () => passed,
      (_, scenario) => {
        const read = operation(scenario)
        read.ok += 1
        read.sent += 1
        read.scheduled += 1
        Object.values(read.outcomes)[0]!.count += 1
      },
      /operations\.read: service\.count is 40, but the other counts make 41/,
    ],
    [
      'a maximum that its histogram has not',
      () => passed,
      (_, scenario) => void (operation(scenario).service.max = 9e15),
      /operations\.read\.service: the largest value of a histogram is 9000000000000000/,
    ],
    [
      'a sum that its histogram has not',
      () => passed,
      (_, scenario) => void (operation(scenario).service.sum = 1),
      /operations\.read\.service: the values of a histogram add up to 1,/,
    ],
    [
      'intervals that lack requests',
      () => passed,
      (_, scenario) => void scenario.phases[0]!.intervals.splice(0),
      /phases\.0\.flows\.0\.connections\.opened: 4, but the intervals add up to 0/,
    ],
    [
      'a figure that is not that of the numbers',
      () => passed,
      (_, scenario) => void (scenario.tps_avg = 1e6),
      /scenarios\.0\.tps_avg: 1000000, but the rest of the file says/,
    ],
    [
      'nothing measured in a run that passed',
      () => passed,
      (file, scenario) => {
        scenario.phases.splice(0)
        scenario.checks.splice(0)
        file.checks.splice(0)
      },
      /scenarios\.0\.reason: passed, but nothing was measured/,
    ],
    [
      'a scenario twice',
      () => passed,
      (file, scenario) => void file.scenarios.push(scenario),
      /: scenarios: "steady" is there twice/,
    ],
    [
      'a flow that the scenario does not have',
      () => passed,
      (_, scenario) => void (scenario.phases[0]!.flows[0]!.flow = 'other'),
      /phases\.0\.flows\.0\.flow: "other" is not a flow of this phase/,
    ],
  ])('with %s is refused, and where', async (_, from, change, place) => {
    expect(await refusal(changed(from(), change))).toMatch(place)
  })

  it.each<[what: string, change: Record<string, unknown>, place: RegExp]>([
    ['a flow that is not there', { flow: 'other' }, /requests\.0\.flow: "other" is not a flow of this phase/],
    [
      'an end before its beginning',
      { doneMs: 0, dueMs: 0, sentMs: 3 },
      /requests\.0: due at 0 ms, sent at 3 ms, done at 0/,
    ],
    ['a beginning before it was due', { dueMs: 9e9 }, /requests\.0: due at 9000000000 ms/],
    [
      'no time at which it was due',
      { dueMs: undefined },
      /requests\.0\.dueMs: missing, although the load is open/,
    ],
    ['no trace id', { traceId: '0'.repeat(32) }, /requests\.0\.traceId/],
    ['a trace id of others', { traceId: '../../etc/passwd' }, /requests\.0\.traceId/],
    ['a span id that is too long', { spanId: 'a'.repeat(17) }, /requests\.0\.spanId/],
  ])('with a request that has %s is refused, and where', async (_, given, place) => {
    const file = changed(traced, (_file, scenario) => {
      Object.assign(scenario.phases[0]!.intervals[0]!.requests[0]!, given)
    })
    expect(await refusal(file)).toMatch(place)
  })

  it('with requests in a scenario that is not traced is refused', async () => {
    const file = changed(traced, (_, scenario) => delete scenario.definition.trace)
    expect(await refusal(file)).toMatch(/intervals\.0\.requests: there, although the scenario is not traced/)
  })

  it.each(['../package', '..', 'a/b', 'a\\b', '', '.hidden', 'a\u0000b', 'x'.repeat(101)])(
    'whose run is called %j is refused',
    async (id) => {
      expect(await refusal(changed(passed, (file) => void (file.run.id = id)))).toMatch(/run\.id/)
    },
  )

  it.each(['../steady', '/steady', 'a\u001B[2Jb', 'a\u202Eb', ' ', 'x'.repeat(201)])(
    'whose scenario is called %j is refused',
    async (id) => {
      const renamed = changed(passed, (_, scenario) => void (scenario.definition.id = id))
      expect(await refusal(renamed)).toMatch(/scenarios\.0\.definition\.id/)
    },
  )

  it('keeps the word of a check that a secret was taken out of', async () => {
    const redacted = changed(passed, (file, scenario) => {
      for (const check of [...file.checks, ...scenario.checks]) check.expected = '< ***'
    })
    expect(await readResult(redacted)).toMatchObject({ reason: 'passed' })
  })
})
