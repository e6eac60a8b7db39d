import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseScopedMetric } from '../../src/checks/scope.ts'
import { isCounted, severityOf } from '../../src/checks/validity.ts'
import type { Thresholds } from '../../src/config/plan.ts'
import type { ScenarioResult } from '../../src/plugin/model.ts'
import { signalVocabulary, type SignalName } from '../../src/plugin/signals.ts'
import type { Validity } from '../../src/plugin/verdict.ts'
import { contradictVerdict } from '../../src/result/contradict-verdict.ts'
import { defaultVerdictPlan, judge, type Evidence } from '../../src/verdict/judge.ts'
import { signalTable } from '../../src/verdict/table.ts'
import { times } from '../metrics/measured.ts'
import { constantRate } from '../support/simulate.ts'
import { closedLoop, hiccups, madeUp, type MadeUp } from './made-up.ts'

const histogram = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 20 }).map(times)
const share = fc.double({ min: 0, max: 1, noNaN: true })
const anyNumber = fc.oneof(fc.double(), share, fc.constantFrom(0, 1e6, 1e12))
const signal = (kinds: readonly string[]): fc.Arbitrary<string> =>
  fc.constantFrom(
    ...(Object.keys(signalVocabulary) as SignalName[]).filter((name) =>
      kinds.includes(signalVocabulary[name].kind),
    ),
    '__proto__',
  )

/** Results that are as they should be in shape, and may say anything. */
const anything: fc.Arbitrary<MadeUp> = fc.record(
  {
    seconds: fc.integer({ min: 0, max: 14 }),
    load: fc.constantFrom(
      closedLoop,
      { ...closedLoop, thinkMs: 10 },
      constantRate(1000, 10_000),
      constantRate(0, 10_000, 0),
    ),
    gauges: fc.dictionary(signal(['gauge', 'share']), anyNumber, { maxKeys: 6 }),
    counters: fc.dictionary(signal(['counter']), anyNumber, { maxKeys: 6 }),
    generator: fc.record(
      {
        busy: share,
        gcMs: fc.double({ min: 0, max: 1000, noNaN: true }),
        gcMaxMs: fc.double({ min: 0, max: 1000, noNaN: true }),
        lag: histogram,
        hiccup: fc.oneof(histogram, fc.integer({ min: 0, max: 900 }).map(hiccups)),
      },
      { requiredKeys: [] },
    ),
    metrics: fc.record(
      {
        scheduled: fc.nat(5000),
        sent: fc.nat(5000),
        ok: fc.nat(5000),
        failed: fc.nat(5000),
        timedOut: fc.nat(100),
        unanswered: fc.nat(100),
        unsent: fc.nat(5000),
        censored: fc.nat(100),
        response: histogram,
        service: histogram,
        lag: histogram,
      },
      { requiredKeys: [] },
    ),
    flow: fc.record({ inFlightMs: fc.double({ min: 0, max: 1e6, noNaN: true }) }),
    origin: fc.constantFrom('given', 'loopback'),
  },
  { requiredKeys: [] },
)

/** Among them, some that were put together, and some that have nothing in them. */
const evidences: fc.Arbitrary<Evidence> = fc
  .tuple(anything, anything, fc.constantFrom('one', 'together', 'two phases', 'nothing'))
  .map(([first, second, how]) => {
    const [one, other] = [madeUp(first), madeUp(second)]
    const [a, b] = [one.phases[0]!, other.phases[0]!]
    if (how === 'one') return one
    if (how === 'nothing') return { ...one, phases: [] }
    if (how === 'two phases') return { ...one, phases: [a, b] }
    const phase = {
      ...a,
      flows: [...a.flows, ...b.flows],
      generators: [...a.generators, ...b.generators],
      signals: [...a.signals, ...b.signals],
      intervals: [...a.intervals, ...b.intervals],
    }
    return { ...one, phases: [phase] }
  })

const thresholds: fc.Arbitrary<Thresholds> = fc
  .tuple(share, share)
  .map(([a, b]) => ({ suspectAbove: Math.min(a, b), invalidAbove: Math.max(a, b) }))

test('whatever a result says, it is judged', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      const judgement = judge(evidence)
      const { numbers, reasons } = judgement.verdict
      for (const name of ['rate', 'latency.p75', 'requests', 'connections.active', 'bytes.sent'])
        judgement.on(parseScopedMetric(name))
      const known = new Set(reasons.map(({ code }) => code))
      for (const { codes, value } of numbers) {
        expect(Number.isFinite(value)).toBe(true)
        for (const code of codes) expect(known).toContain(code)
      }
    }),
  )
})

test('nothing is valid where nothing was measured that could say so', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      const { verdict } = judge(evidence)
      const didProbe = evidence.phases.some(({ generators }) =>
        generators.some(({ hiccup }) => hiccup.count > 0),
      )
      if (didProbe && verdict.numbers.length > 0) return
      expect(verdict.validity).not.toBe('valid')
      for (const { validity } of verdict.numbers) expect(validity).not.toBe('valid')
    }),
  )
})

test('an interval holds its number, and a share of errors is none of more than all', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      for (const { interval, metric, value } of judge(evidence).verdict.numbers) {
        if (interval === undefined) continue
        const { low, high } = interval
        expect(low, metric).toBeGreaterThanOrEqual(0)
        expect(low, metric).toBeLessThanOrEqual(value)
        if (high !== null) expect(high, metric).toBeGreaterThanOrEqual(value)
        // more errors than requests: books that do not add up
        if (metric === 'errors.rate' && value <= 1) expect(high).toBeLessThanOrEqual(1)
      }
    }),
  )
})

test('what is not known never makes anything better that is known to be doubtful', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      const { numbers, validity } = judge(evidence).verdict
      for (const number of numbers)
        expect(number.codes.length > 0, number.metric).toBe(['suspect', 'invalid'].includes(number.validity))
      if (numbers.some((number) => isCounted(number) && number.codes.length > 0))
        expect(['suspect', 'invalid']).toContain(validity)
    }),
  )
})

test('a verdict is one that a file may have', () => {
  fc.assert(
    fc.property(evidences, (evidence) => {
      const result = { ...evidence, checks: [] } as unknown as ScenarioResult
      contradictVerdict(judge(evidence).verdict, result)
    }),
  )
})

test('lower thresholds never make anything better', () => {
  const names = signalTable.map(({ name }) => name)
  fc.assert(
    fc.property(evidences, fc.constantFrom(...names), thresholds, share, (evidence, name, high, factor) => {
      const low = {
        suspectAbove: high.suspectAbove! * factor,
        invalidAbove: high.invalidAbove! * factor,
      }
      const under = (own: Thresholds) =>
        judge(evidence, { ...defaultVerdictPlan, thresholds: { [name]: own } })
      const [strict, lax] = [under(low).verdict, under(high).verdict]
      const isNoBetter = (a: Validity, b: Validity) =>
        expect(severityOf(a)).toBeGreaterThanOrEqual(severityOf(b))
      isNoBetter(strict.validity, lax.validity)
      for (const [at, { validity }] of lax.numbers.entries())
        isNoBetter(strict.numbers[at]!.validity, validity)
    }),
  )
})
