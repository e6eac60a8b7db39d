import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { severityOf, validityOf } from '../../src/checks/validity.ts'
import { measuredOf } from '../../src/metrics/metrics.ts'
import type { RunResult } from '../../src/plugin/model.ts'
import type { NumberVerdict, Validity, Verdict } from '../../src/plugin/verdict.ts'
import { resultFile } from '../../src/result/file.ts'
import { mergeVerdicts } from '../../src/result/merge-verdicts.ts'
import { mergeResults } from '../../src/result/merge.ts'
import { readResult } from '../../src/result/read.ts'
import { fileOf } from '../support/result-folder.ts'
import { runSteady } from '../support/run.ts'

let run: RunResult
beforeAll(async () => {
  run = await runSteady({ durationMs: 400 })
})

/** The same run an hour later, under another name, with another verdict. */
function later(hours: number, verdict: Verdict | undefined): RunResult {
  const [scenario] = run.scenarios
  const { verdict: _, ...rest } = scenario!
  const phases = rest.phases.map((phase) => ({
    ...phase,
    startedAt: new Date(phase.startedAt.getTime() + hours * 3_600_000),
  }))
  const changed = { ...rest, phases, ...(verdict && { verdict }) }
  return { ...run, run: { ...run.run, id: `run-${hours}` }, scenarios: [changed] }
}

const median = (): NumberVerdict => {
  const { response } = run.scenarios[0]!.phases[0]!.flows[0]!.total
  const value = response.percentile(50)
  return { metric: 'response.p50', unit: 'ns', value, validity: 'valid', codes: [] }
}

const verdict = (change: Partial<Verdict>): Verdict => ({
  validity: 'valid',
  reasons: [],
  numbers: [median()],
  steadyStates: [{ flow: 'main', kind: 'flat', steadyFromMs: 10 }],
  signals: [
    { name: 'steal', validity: 'valid', observed: 0, suspectAbove: 0.01, invalidAbove: 0.05, unit: 'share' },
  ],
  required: 'suspect',
  isInvalidAllowed: false,
  ...change,
})

const late = { code: 'GENERATOR_LAG', validity: 'suspect', text: 'it was late', advice: 'use more' } as const

const merged = (...verdicts: (Verdict | undefined)[]): RunResult =>
  mergeResults(verdicts.map((one, at) => later(at, one)))

it('is as good as the worst of the runs, with the reasons of all', () => {
  const suspect = verdict({
    validity: 'suspect',
    reasons: [late],
    numbers: [{ ...median(), validity: 'suspect', codes: ['GENERATOR_LAG'], interval: { low: 1, high: 2 } }],
    steadyStates: [{ flow: 'main', kind: 'not steady' }],
    signals: [
      {
        name: 'steal',
        validity: 'suspect',
        observed: 0.02,
        suspectAbove: 0.01,
        invalidAbove: 0.05,
        unit: 'share',
      },
    ],
  })
  const whole = merged(verdict({}), suspect).scenarios[0]!.verdict!
  expect(whole).toMatchObject({ validity: 'suspect', reasons: [late] })
  expect(whole.steadyStates).toEqual([{ flow: 'main', kind: 'not steady' }])
  expect(whole.signals).toMatchObject([{ name: 'steal', validity: 'suspect', observed: 0.02 }])
  // the sum has no course that an interval could come from
  expect(whole.numbers).toEqual([{ ...median(), validity: 'suspect', codes: ['GENERATOR_LAG'] }])
})

it('is unknown at best where a run has none', () => {
  expect(merged(verdict({}), undefined).scenarios[0]!.verdict).toMatchObject({
    validity: 'unknown',
    numbers: [{ validity: 'unknown' }],
  })
  expect(merged(undefined, undefined).scenarios[0]!.verdict).toBeUndefined()
})

it('agrees with the numbers beside it, in a file that is read again', async () => {
  const result = merged(verdict({}), verdict({ validity: 'suspect', reasons: [late] }))
  const again = await readResult(fileOf(resultFile(result)))
  expect(again.scenarios[0]!.verdict).toEqual(result.scenarios[0]!.verdict)
})

const validities = ['valid', 'unknown', 'suspect', 'invalid'] as const
const limits = [undefined, 'generator', 'network', 'target', 'pool or target', 'pool'] as const

/** Verdicts of runs, or none, each with what it stands on. */
const some: fc.Arbitrary<Verdict | undefined> = fc
  .record({
    validity: fc.constantFrom(...validities, 'none' as const),
    observed: fc.option(fc.double({ min: 0, max: 0.2, noNaN: true }), { nil: undefined }),
    limitedBy: fc.constantFrom(...limits),
    hasNumber: fc.boolean(),
  })
  .map(({ validity, observed, limitedBy, hasNumber }) => {
    if (validity === 'none') return undefined
    const doubt = validity === 'suspect' || validity === 'invalid'
    return verdict({
      validity,
      reasons: doubt
        ? [
            {
              ...late,
              validity,
              ...(observed !== undefined && { observed: 0.02 + observed, threshold: 0.01 }),
            },
          ]
        : [],
      ...(limitedBy && { limitedBy }),
      numbers: hasNumber ? [{ ...median(), validity, codes: doubt ? ['GENERATOR_LAG'] : [] }] : [],
      signals: [
        {
          name: 'steal',
          validity: observed === undefined ? 'unknown' : validityOf(observed, thresholds),
          ...(observed !== undefined && { observed }),
          ...thresholds,
          unit: 'share',
        },
      ],
    })
  })

const thresholds = { suspectAbove: 0.01, invalidAbove: 0.05 }

it('does not depend on the order of the runs, and nothing in it is better than in any of them', () => {
  fc.assert(
    fc.property(fc.array(some, { minLength: 2, maxLength: 5 }), (parts) => {
      const measured = measuredOf(run.scenarios[0]!)
      const whole = mergeVerdicts(parts, measured)
      expect(mergeVerdicts(parts.toReversed(), measured)).toEqual(whole)
      if (whole === undefined) return
      const atLeast = (a: Validity, b: Validity | undefined): void =>
        expect(severityOf(a)).toBeGreaterThanOrEqual(severityOf(b ?? 'unknown'))
      for (const part of parts) {
        atLeast(whole.validity, part?.validity)
        for (const number of whole.numbers) atLeast(number.validity, part?.numbers[0]?.validity)
        for (const signal of whole.signals) if (part) atLeast(signal.validity, part.signals[0]!.validity)
      }
    }),
  )
})

it('is not valid where a number that it stands on is not known in all runs', () => {
  const whole = mergeVerdicts([verdict({}), verdict({ numbers: [] })], measuredOf(run.scenarios[0]!))!
  expect(whole).toMatchObject({ validity: 'unknown', numbers: [{ validity: 'unknown' }] })
})

it('has one reason for each code, the worst', () => {
  const reasons = [0.02, 0.04, 0.03].map((observed) => ({ ...late, observed, threshold: 0.01 }))
  const parts = reasons.map((reason) => verdict({ validity: 'suspect', reasons: [reason] }))
  expect(mergeVerdicts(parts, measuredOf(run.scenarios[0]!))!.reasons).toEqual([reasons[1]])
})
