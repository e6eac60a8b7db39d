import { expect, test } from 'vitest'
import { requestCostOf } from '../../src/metrics/cost.ts'
import { emptyMetrics, sumFlow } from '../../src/metrics/metrics.ts'
import type { PhaseResult } from '../../src/plugin/model.ts'

const phase = (kind: 'warmup' | 'measure', sent: readonly number[], cpuMs: number, allocatedBytes: number) =>
  ({
    phase: { kind },
    flows: sent.map((count, at) => ({
      ...sumFlow(`${at}`, []),
      operations: { get: { ...emptyMetrics, sent: count } },
    })),
    generators: [
      { cpuMs, allocatedBytes },
      { cpuMs, allocatedBytes },
    ],
  }) as unknown as PhaseResult

test('a request costs what all workers spent in the measure phases, over what all flows sent', () => {
  const phases = [
    phase('warmup', [9], 1e6, 1e6),
    phase('measure', [600, 200], 4, 800),
    phase('measure', [200], 6, 200),
  ]
  expect(requestCostOf({ phases })).toEqual({ cpuNs: 20_000, allocatedBytes: 2 })
})

test('without a request there is no cost of one', () => {
  expect(requestCostOf({ phases: [phase('measure', [0], 4, 800)] })).toEqual({
    cpuNs: NaN,
    allocatedBytes: NaN,
  })
})
