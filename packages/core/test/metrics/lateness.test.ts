import { expect, test } from 'vitest'
import { latenessOf } from '../../src/metrics/lateness.ts'
import type { Load, ScenarioResult } from '../../src/plugin/model.ts'
import { flow, operation, times } from './measured.ts'

interface Given {
  readonly kind?: 'warmup' | 'measure'
  readonly model?: Load['model']
  /** Of the generator, in milliseconds. */
  readonly lagMs: number
}

/** Two flows whose requests took 10 and 5 ms. */
const result = (...phases: readonly Given[]): ScenarioResult =>
  ({
    phases: phases.map(({ kind = 'measure', model = 'open', lagMs }) => ({
      phase: { kind, loads: { slow: { model }, fast: { model } } },
      elapsedMs: 1000,
      flows: [flow('slow', { get: operation([10]) }), flow('fast', { get: operation([5]) })],
      generators: [{ lag: times([lagMs]) }],
    })),
  }) as unknown as ScenarioResult

test('a generator is late by more than a fifth of what responses took, of the flow that it matters most to', () => {
  const late = latenessOf(result({ lagMs: 2 }))!
  expect(late.flow).toBe('fast')
  expect(late.lagNs / 1e6).toBeCloseTo(2, 1)
  expect(late.share).toBeCloseTo(0.4, 2)
  expect(latenessOf(result({ lagMs: 0.9 }))).toBeUndefined()
})

test('a warm-up says nothing of it, and neither does a closed loop, where nothing is due', () => {
  expect(latenessOf(result({ kind: 'warmup', lagMs: 100 }, { lagMs: 0.1 }))).toBeUndefined()
  expect(latenessOf(result({ model: 'closed', lagMs: 100 }))).toBeUndefined()
})

test('without a request there is nothing to be late for', () => {
  expect(latenessOf(result())).toBeUndefined()
})
